"""users: who may sign in."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import date
from typing import Any

from vs_core.access import roles, users
from vs_core.commands.arguments import caller, ready_engine
from vs_core.store.engine import reading, writing


def add_to(commands: Any) -> None:
    parser = commands.add_parser("users", help="who may sign in")
    acts = parser.add_subparsers(required=True, metavar="ACT")
    add = _act(acts, "add", "let somebody in", run_add)
    _role_arguments(add)
    add.add_argument("--display-name", help="name that others see")
    add.add_argument("--sso-name", metavar="NAME", help="what the council's single sign-on calls the person")
    add.add_argument("--no-password", action="store_true", help="comes in through the single sign-on only")
    _act(acts, "disable", "let somebody in no longer", run_disable)
    _act(acts, "enable", "let somebody in again", run_enable)
    _act(acts, "reset", "give somebody a new password", run_reset)
    _role_arguments(_act(acts, "role", "give somebody another role", run_role))
    _sso_arguments(_act(acts, "sso", "say what the council's single sign-on calls somebody, or undo it", run_sso))
    acts.add_parser("list", help="everybody").set_defaults(run=run_list)


def _act(acts: Any, name: str, help_text: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=help_text)
    parser.add_argument("name", help="name to sign in with")
    if name in ("add", "reset"):
        parser.add_argument("--ask-password", action="store_true", help="type a password instead of having one made up")
    parser.set_defaults(run=run)
    return parser


def _role_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", required=True, choices=list(roles.ROLES))
    parser.add_argument("--caseload", help="an adviser's name as it stands in the children file")
    parser.add_argument(
        "--sees-restricted", action="store_true", help="may see children whose whereabouts are restricted"
    )


def _sso_arguments(parser: argparse.ArgumentParser) -> None:
    either = parser.add_mutually_exclusive_group(required=True)
    either.add_argument("--sso-name", metavar="NAME", help="for Microsoft Entra ID: the user principal name")
    either.add_argument("--unlink", action="store_true", help="take the council account away from the person")


def run_add(args: argparse.Namespace, _today: date) -> int:
    return _change(
        lambda connection: users.add(
            connection,
            caller(),
            args.name,
            args.role,
            password=None if args.no_password else _typed(args),
            display_name=args.display_name,
            caseload_adviser=args.caseload,
            sees_restricted=args.sees_restricted,
            sso_name=args.sso_name,
            no_password=args.no_password,
        ),
        args,
    )


def run_disable(args: argparse.Namespace, _today: date) -> int:
    return _change(lambda connection: users.disable(connection, caller(), args.name), args)


def run_enable(args: argparse.Namespace, _today: date) -> int:
    return _change(lambda connection: users.enable(connection, caller(), args.name), args)


def run_reset(args: argparse.Namespace, _today: date) -> int:
    return _change(lambda connection: users.reset(connection, caller(), args.name, _typed(args)), args)


def run_role(args: argparse.Namespace, _today: date) -> int:
    return _change(
        lambda connection: users.set_role(
            connection,
            caller(),
            args.name,
            args.role,
            caseload_adviser=args.caseload,
            sees_restricted=args.sees_restricted,
        ),
        args,
    )


def run_sso(args: argparse.Namespace, _today: date) -> int:
    if args.unlink:
        return _change(lambda connection: users.unlink_sso(connection, caller(), args.name), args)
    return _change(lambda connection: users.set_sso_name(connection, caller(), args.name, args.sso_name), args)


def run_list(_args: argparse.Namespace, _today: date) -> int:
    with reading(ready_engine()) as connection:
        everybody = users.listed(connection)
    for user in everybody:
        seen = f"last seen {user.last_seen_at:%d/%m/%Y %H:%M} UTC" if user.last_seen_at else "never signed in"
        state = "disabled" if user.disabled else "may sign in"
        print(f"{user.name}\t{user.role}\t{user.display_name}\t{state}\t{seen}")
    if not everybody:
        print("Nobody may sign in yet: python -m vs_core users add NAME --role ROLE")
    return 0


def _typed(args: argparse.Namespace) -> str | None:
    if not args.ask_password:
        return None
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _change(make: Any, args: argparse.Namespace) -> int:
    try:
        with writing(ready_engine()) as connection:
            password = make(connection)
    except users.UserError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"Done: {args.name}.")
    if isinstance(password, str) and password and not args.ask_password:
        print(f"Password, shown this once: {password}")
    return 0
