"""Where the invented guests live: shares, languages, cultures, streets and towns. Streets and house numbers are invented, towns are real."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of residence: how many live there, what they speak, how an address is written there."""

    code: str
    share: float
    languages: dict[str, float]  # BCP 47 and its weight
    cultures: dict[str, float]
    towns: tuple[tuple[str, str], ...]  # town, first digits or letters of its postcodes
    streets: tuple[str, ...]
    form: str  # "street_first" | "number_first" | "fa"
    region: str = ""  # written after the town
    postcode_digits: int = 0  # random digits after the prefix


_FR_STREETS = tuple(
    "rue des Lilas;avenue des Érables;place de l’Étang;impasse du Vieux Pressoir;boulevard des Tanneurs;rue de la Grange;chemin des Prés;allée des "
    "Charmilles;rue du Four à Chaux;quai des Mariniers;rue Haute;rue des Fougères;sentier des Bergères;cours des Halles;passage du Noyer".split(";")
)
_DE_STREETS = tuple(
    "Lindenstraße;Am Mühlbach;Schöne Aussicht;Kastanienweg;Birkenallee;Größer Ring;Hinter den Gärten;Rosenstraße;Zum Flößerhafen;Lerchenweg;"
    "An der Ziegelhütte;Jägerstieg;Königsweg;Bäckergasse;Sonnenhang".split(";")
)
_EN_STREETS = tuple(
    "Orchard Close;Mill Lane;Station Road;Chapel Walk;Meadow View;Foxglove Way;Church Street;Harbour Rise;Willow Avenue;Kiln Lane;Rookery Drive;"
    "Bramble Court;Weavers Row;Quarry Hill;Larch Grove".split(";")
)
_US_STREETS = tuple(
    "Maple Street;Oak Ridge Drive;Sycamore Lane;Juniper Avenue;Cedar Hollow Road;Prairie View Court;Lakeshore Boulevard;Canyon Trail;Mulberry Street;"
    "Pinecrest Drive;Old Mill Road;Magnolia Way;Hickory Place;Wildflower Lane;Quail Run".split(";")
)
_FA_STREETS = tuple("خیابان بهار;خیابان سرو;کوچهٔ یاس;بلوار نیلوفر;خیابان کاج;کوچهٔ نسترن;خیابان گلستان;بلوار آفتاب;خیابان چنار;کوچهٔ شقایق".split(";"))
_BR_STREETS = tuple(
    "Rua das Acácias;Avenida dos Ipês;Travessa do Comércio;Rua São Bento do Vale;Alameda das Palmeiras;Rua Conceição "
    "da Serra;Praça do Pelourinho Novo;"
    "Rua das Flores;Rua do Açude;Ladeira da Misericórdia".split(";")
)

PLACES: tuple[Place, ...] = (
    Place(
        code="FR",
        share=25,
        languages={"fr": 92, "en": 5, "pt": 1, "de": 1, "fa": 1},
        cultures={"fr": 88, "pt": 3, "es": 3, "it": 3, "fa": 3},
        towns=(
            ("Lyon", "6900"),
            ("Nantes", "4400"),
            ("Lille", "5900"),
            ("Montpellier", "3400"),
            ("Orléans", "4500"),
            ("Besançon", "2500"),
            ("Nîmes", "3000"),
        ),
        streets=_FR_STREETS,
        form="number_first",
        postcode_digits=1,
    ),
    Place(
        code="DE",
        share=14,
        languages={"de": 93, "en": 6, "fa": 1},
        cultures={"de": 90, "it": 3, "es": 3, "fa": 4},
        towns=(("Köln", "506"), ("München", "803"), ("Düsseldorf", "402"), ("Hamburg", "200"), ("Würzburg", "970"), ("Lübeck", "235")),
        streets=_DE_STREETS,
        form="street_first",
        postcode_digits=2,
    ),
    Place(
        code="GB",
        share=15,
        languages={"en": 100},
        cultures={"en": 92, "fr": 2, "es": 2, "fa": 2, "it": 2},
        towns=(("Leeds", "LS"), ("Bristol", "BS"), ("Cardiff", "CF"), ("Glasgow", "G"), ("Norwich", "NR"), ("Exeter", "EX")),
        streets=_EN_STREETS,
        form="number_first",
        postcode_digits=0,
    ),
    Place(
        code="IR",
        share=8,
        languages={"fa": 97, "en": 3},
        cultures={"fa": 100},
        towns=(("تهران", "1"), ("اصفهان", "8"), ("شیراز", "7"), ("مشهد", "9"), ("تبریز", "5"), ("یزد", "8")),
        streets=_FA_STREETS,
        form="fa",
        postcode_digits=9,
    ),
    Place(
        code="US-CA",
        share=9,
        languages={"en": 90, "es": 9, "fa": 1},
        cultures={"en": 70, "es": 24, "fa": 6},
        towns=(("Sacramento", "958"), ("Fresno", "937"), ("Oakland", "946"), ("San Diego", "921")),
        streets=_US_STREETS,
        form="number_first",
        region="CA",
        postcode_digits=2,
    ),
    Place(
        code="US-NY",
        share=7,
        languages={"en": 96, "es": 4},
        cultures={"en": 80, "es": 12, "it": 8},
        towns=(("Albany", "122"), ("Buffalo", "142"), ("Brooklyn", "112"), ("Rochester", "146")),
        streets=_US_STREETS,
        form="number_first",
        region="NY",
        postcode_digits=2,
    ),
    Place(
        code="US-TX",
        share=5,
        languages={"en": 92, "es": 8},
        cultures={"en": 72, "es": 28},
        towns=(("Austin", "787"), ("Houston", "770"), ("El Paso", "799")),
        streets=_US_STREETS,
        form="number_first",
        region="TX",
        postcode_digits=2,
    ),
    Place(
        code="CA-QC",
        share=6,
        languages={"fr": 88, "en": 12},
        cultures={"fr": 86, "en": 14},
        towns=(("Montréal", "H2"), ("Québec", "G1"), ("Trois-Rivières", "G8"), ("Lévis", "G6")),
        streets=_FR_STREETS,
        form="number_first",
        region="QC",
        postcode_digits=0,
    ),
    Place(
        code="BR",
        share=7,
        languages={"pt": 98, "en": 2},
        cultures={"pt": 96, "it": 4},
        towns=(("São Paulo", "010"), ("Belém", "660"), ("Goiânia", "740"), ("Florianópolis", "880"), ("Maceió", "570")),
        streets=_BR_STREETS,
        form="street_first",
        postcode_digits=5,
    ),
    Place(
        code="CA-ON",
        share=1,
        languages={"en": 97, "fr": 3},
        cultures={"en": 90, "fr": 10},
        towns=(("Toronto", "M5"), ("Ottawa", "K1")),
        streets=_EN_STREETS,
        form="number_first",
        region="ON",
    ),
    Place(
        code="US-FL",
        share=1,
        languages={"en": 85, "es": 15},
        cultures={"en": 70, "es": 30},
        towns=(("Tampa", "336"), ("Orlando", "328")),
        streets=_US_STREETS,
        form="number_first",
        region="FL",
        postcode_digits=2,
    ),
    Place(
        code="IT",
        share=1,
        languages={"it": 95, "en": 5},
        cultures={"it": 100},
        towns=(("Torino", "101"), ("Forlì", "471")),
        streets=("via dei Tigli", "corso delle Querce", "piazza della Libertà", "viale dei Pioppi"),
        form="street_first",
        postcode_digits=2,
    ),
    Place(
        code="ES",
        share=1,
        languages={"es": 100},
        cultures={"es": 100},
        towns=(("Málaga", "290"), ("Cádiz", "110")),
        streets=("calle de los Almendros", "avenida de la Ermita", "plaza del Pósito", "calle Cañada"),
        form="street_first",
        postcode_digits=2,
    ),
    Place(
        code="CH",
        share=1,
        languages={"de": 60, "fr": 35, "it": 5},
        cultures={"de": 60, "fr": 30, "it": 10},
        towns=(("Zürich", "80"), ("Neuchâtel", "20")),
        streets=("Bahnweg", "Seestrasse", "Chemin du Signal", "Rebhalde"),
        form="street_first",
        postcode_digits=2,
    ),
)
CODES = [place.code for place in PLACES]
