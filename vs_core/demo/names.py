"""Names for invented people and places. Any likeness to a real person or school is chance."""

from random import Random

GIRLS = """Amelia Olivia Isla Ava Freya Lily Florence Mia Willow Rosie Sophia Grace Ivy Evie Poppy Ella
Daisy Maya Ruby Chloe Erin Zara Aisha Fatima Maryam Hana Leila Nadia Amina Precious Blessing
Chiamaka Adaeze Kemi Imani Jasmine Tia Skye Summer Scarlett Lacey Ellie Paige Courtney Kayla
Shannon Demi Libby Tilly Heidi Orla Niamh Anya Zuzanna Oliwia Elena Ioana Sofia Priya Anjali
Meera Simran Mei Linh Thuy""".split()
BOYS = """Oliver George Arthur Noah Leo Oscar Harry Archie Jack Henry Charlie Freddie Theodore Alfie
Jacob Finley Mason Riley Logan Tyler Kai Jayden Callum Connor Kian Reece Ellis Jude Toby Ethan
Dylan Harley Ronnie Reggie Tommy Ibrahim Yusuf Omar Hamza Bilal Tariq Emmanuel Daniel Samuel
Tobi Chidi Kwame Malachi Zion Marcus Andre Jakub Kacper Filip Luca Andrei Stefan Arjun Rohan
Jaspreet Wei Minh Duc""".split()
ARRIVED = """Ahmad Farid Hamid Jawad Karim Mahdi Najib Omid Qasim Rahim Samir Tesfay Yonas Filmon Abel
Merhawi Osman Idris Hassan Abdi Rebin Dara Shwan Kawa Arben Ergi""".split()
ARRIVED_SURNAMES = """Ahmadzai Noorzai Safi Stanekzai Wardak Haile Tekle Gebremariam Habte Kidane Ismail Adam Yahya
Mohamud Karimi Rahmani Sharifi Hoxha Gjoka Xhaka Aziz Rasul""".split()
SURNAMES = """Alderby Ashgrove Barleycroft Barrowden Beckfield Birchley Blakemoor Bramwell Bridgely
Brookhurst Bulmarsh Burrowdale Cadmore Calloway Carrick Chalkwell Clatterly Coldbrook
Copperfield Cranfold Crowhurst Dalefield Danby Deepwell Denholt Dovecote Drayfield Dunmarsh
Eastbrook Eddington Elmstow Fairholme Farthing Fenwick Finchley Foxcroft Garrow Gatesby
Glenfold Goldhanger Greenhow Gorseley Hallowell Hartnell Hawkwood Hazelby Heathfield Hedgeley
Hollins Holmsted Ibbotsley Inglewood Jarvisson Kestrelton Kingsmere Lambourne Langdyke Larkham
Lindow Longacre Lowfield Maplesden Marlock Marshbrook Mayfold Meadowcroft Merriden Millbanke
Moorcroft Mossley Netherby Newmarch Northcote Oakhanger Oldacre Orchardson Otterley Oxenhope
Padbrook Pebmarsh Penrose Pikeworth Plumley Quarrington Ravensby Redfern Ridgewell Rookwood
Rushbrook Saltmarsh Sedgewick Sherbrook Silverdale Slaterford Sparrow Stanmoor Stonebridge
Sunderby Swallowfield Tanfield Tattershaw Thistleton Thornbury Tillbrook Underhay Upwood
Vantongerly Wainfleet Walderby Waterhouse Wexcombe Whitlock Wickenby Willowby Winterfold
Woodrow Wychling Yarrowby Yewdale Adeyinka Okorie Mensahy Begumson Rahmanu Chowdhry Patelson
Sidhuman Kowalewicz Nowakow Popescul Ionescul Nguyenson Tranley""".split()
PLACES = """Alderwick Ambleford Ashmarsh Barrowby Beckminster Birchhaven Blackmere Brackenford Brambleton
Brightsea Broadmarsh Cadderley Castleford-on-Wes Chalkney Cliffmere Coldharbour Cranmere
Deepdale Dunhythe Eastmere Elmhythe Fallowfield Fenmarsh Foxhythe Gorsemouth Greatmere
Hallowbridge Hartsmere Hawkesmouth Hazelmarsh Heronsgate Hollowford Kestrel-bridge Larkfield
Leamarsh Longmere Lowhaven Maplehythe Marshgate Millhaven Moorhythe Netherwes Northmere
Oakmouth Otterbridge Oxmere Pebblesea Pinehythe Quaymouth Ravenhythe Redmarsh Reedham-le-Wes
Ridgemere Rushmere-by-Sea Saltmouth Seaholme Sedgemouth Southmere Stonehythe Swanmarsh Tidewell
Thornmere Umberley Wadebridge-on-Wes Waterhythe Wesmouth Westhaven Whitmarsh Willowhythe
Wincanmere Woodmarsh Wrenhythe Yarmere Yewbridge""".split()
AREAS = ("North Westmere", "Mid Westmere", "South Westmere", "West Westmere")
NEIGHBOURS = {"Northbrook": "998", "Easthaven": "997", "Kingsfold": "996", "Southdale": "995", "Great Holme": "994"}
SOCIAL_WORKERS = tuple(
    f"{initial}. {SURNAMES[n * 3 % len(SURNAMES)]}" for n, initial in enumerate("ABCDEFGHJKLMNPRSTW" * 4)
)
ADVISERS = ("B. Hollins", "C. Farthing", "D. Merriden", "E. Rookwood", "F. Larkham", "G. Wickenby")


def child_name(chance: Random, sex: str, arrived: bool = False) -> tuple[str, str]:
    """(forename, surname) for a girl (`F`) or a boy (`M`); `arrived`: an unaccompanied young person."""
    if arrived:
        return chance.choice(ARRIVED), chance.choice(ARRIVED_SURNAMES)
    return chance.choice(GIRLS if sex == "F" else BOYS), chance.choice(SURNAMES)
