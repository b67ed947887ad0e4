// A real OpenID Connect provider for the tests: node provider.js ISSUER REDIRECT_URI
// It stands in for a council's Entra ID: one tenant in the issuer's path, names and tid in the ID token, client secret
// in the body. Who signs in is told by login_hint, or where there is none, after the press of a button, by USUAL_PERSON:
// base64url of JSON with claims or with an error.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [issuer, redirect] = process.argv.slice(2);
const { hostname, port, pathname } = new URL(issuer);
const people = new Map();
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'dashboard',
    client_secret: process.env.CLIENT_SECRET,
    redirect_uris: [redirect],
    token_endpoint_auth_method: 'client_secret_post',
  }],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
  claims: { openid: ['sub', 'tid', 'roles', 'groups'], profile: ['preferred_username', 'name'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false,
  cookies: { keys: [randomBytes(32).toString('hex')] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
  interactions: { url: (_, interaction) => `${pathname}/interaction/${interaction.uid}` },
  jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: 'of-the-tests' }] },
  loadExistingGrant: async (context) => {
    const { client, session } = context.oidc;
    const grant = new context.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
});

async function signIn(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  if (!params.login_hint && request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<title>Council</title><form method="post"><button>I am who I am</button></form>');
    return;
  }
  const hint = JSON.parse(Buffer.from(params.login_hint ?? process.env.USUAL_PERSON, 'base64url').toString());
  people.set(hint.sub, hint);
  const result = hint.error ? hint : { login: { accountId: hint.sub } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const answer = provider.callback();
createServer((request, response) => {
  request.originalUrl = request.url;
  request.url = request.url.slice(pathname.length) || '/';
  if (request.url.startsWith('/interaction/')) {
    signIn(request, response).catch((error) => response.writeHead(500).end(String(error)));
  } else {
    answer(request, response);
  }
}).listen(Number(port), hostname, () => console.log('ready'));
