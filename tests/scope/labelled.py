"""Labelled records: what people and programs make of the names, birth dates and addresses of persons we know, and of others.

Written without looking at how amanat compares: the spellings are from passports, doorbells and address books as one meets them, the mistakes
are those of typists (a letter left out, doubled, exchanged with its neighbour on the keyboard or in the word), and the persons who make
it hard are relatives in one home, twins, and strangers with the same name.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

# One name on each line, as different people write it.
GIVEN = """
Mohammad Mohamad Mohammed Mohamed Muhammad محمد
Ali Aly علی
Hossein Hosein Hussein Houssein Hosain حسین
Hassan Hasan حسن
Reza Rezâ رضا
Fatemeh Fateme Fatemah فاطمه
Zahra Zahrâ زهرا
Maryam Mariam Miryam مریم
Sara Sarah Sarâ سارا
Leila Leyla Laila Layla لیلا
Shirin Chirine Shireen شیرین
Mehdi Mahdi مهدی
Amir امیر
Yousef Youssef Yusef Yusuf یوسف
Ebrahim Ibrahim ابراهیم
Esmail Ismail Esmaeil اسماعیل
Abbas عباس
Akbar اکبر
Majid مجید
Saeed Said Saïd سعید
Hamid حمید
Vahid Wahid وحید
Nasrin Nasreen نسرین
Parvin Parveen پروین
Mina مینا
Niloufar Nilufar Niloofar نیلوفر
Soheila Soheyla Suheila سهیلا
Khosrow Khosro Xosrow خسرو
Ghasem Qasem Kasem Ghassem قاسم
Javad Djavad جواد
Davoud Davood Davud داود
Mostafa Mustafa Mustapha مصطفی
Morteza Mortaza مرتضی
Omid امید
Arash آرش
Babak بابک
Kaveh کاوه
Bahram بهرام
Farhad فرهاد
Shahram Chahram شهرام
Golnaz گلناز
Ladan لادن
Roya رویا
Azadeh Azade آزاده
Jean
Jeanne
Marie
Pierre
Jacques
Sophie Sofie
Catherine Katherine Cathérine
Philippe Philip
Stéphane Stephane
Frédéric Frederic Frédérique
Élodie Elodie
Hélène Helene
Zoé Zoe
Chloé Chloe
Thomas Tomas
Mathieu Matthieu
Nathalie Natalie
Isabelle Isabel
Monique
Claude
François Francois
Nicolas Nicholas
Julien
Camille
John Jon
James
Mary
Elizabeth Elisabeth
Stephen Steven
William
Sarah
Emily Emilie
Michael Mikael
Anne Ann
Rebecca Rebekah
Geoffrey Jeffrey
Philip Phillip
Hans
Jürgen Juergen Jurgen
Käthe Kathe
Günther Gunther Günter
Ana
José Jose
Carlos
Lucía Lucia
João Joao
Inês Ines
Nguyen
Wei
Yuki
Olga
Ivan
Svetlana
""".split("\n")
FAMILY = """
Ahmadi Ahmady احمدی
Mohammadi Mohamadi Mohammady محمدی
Hosseini Hoseini Husseini حسینی
Rezaei Rezai Rezayi Rezaee رضایی
Karimi Karimy کریمی
Moradi مرادی
Jafari Djafari Jaafari جعفری
Rahimi رحیمی
Ghasemi Qasemi Kasemi قاسمی
Ebrahimi Ibrahimi ابراهیمی
Soleimani Soleymani Suleimani سلیمانی
Heidari Heydari Haidari حیدری
Akbari اکبری
Nazari نظری
Sadeghi Sadeqi صادقی
Kazemi Kazemy کاظمی
Khosravi Xosravi خسروی
Yazdani یزدانی
Shirazi Chirazi شیرازی
Tehrani Téhérani تهرانی
Esfahani Isfahani اصفهانی
Tabrizi تبریزی
Farahani فراهانی
Zandi زندی
Bahrami بهرامی
Rostami رستمی
Golestani گلستانی
Changizi Tchanguizi چنگیزی
Pourahmad Poorahmad پوراحمد
Alizadeh Alizade علیزاده
Hosseinzadeh Hoseinzade حسین‌زاده
Mousavi Musavi Moosavi موسوی
Daneshvar دانشور
Vaziri Waziri وزیری
Ghorbani Qorbani قربانی
Eskandari اسکندری
Torabi ترابی
Zare زارع
Fallah فلاح
Niknam نیکنام
Martin
Bernard
Dubois
Durand
Leroy Le-Roy
Moreau
Petit
Lefebvre Lefèvre Lefevre
Fournier
Girard
Rousseau
Blanchard
Gauthier Gautier
Chevalier
Perrin
Morel
Dupont Dupond
Lambert
Mercier
Boucher
Smith Smyth
Johnson Johnston
Brown Browne
Taylor Tayler
Clark Clarke
Thompson Thomson
Wright
Green Greene
Stewart Stuart
Philips Phillips
Reid Read
Macdonald McDonald
Anderson Andersen
Harrison
Whitfield
Müller Mueller Muller
Schmidt Schmitt
Meyer Meier Maier
Schäfer Schaefer Schafer
Großmann Grossmann
Weiß Weiss
Hoffmann Hofmann
Fischer
García Garcia
Fernández Fernandez
Gonçalves Goncalves
Pereira
Rodrigues Rodriguez
Lopes Lopez
Tran
Kowalski Kovalski
Ivanov Iwanow
Petrov Petrow
Novak
""".split("\n")
STREETS = ["Lilas", "Port", "Gare", "Moulin", "Église", "Victor-Hugo", "Pasteur", "Liberté", "Station", "Church", "Mill", "Oak", "Victoria", "King"]
STREETS += ["Garden", "Valiasr", "Azadi", "Ferdowsi", "Hafez", "Saadi"]
TOWNS = ["Paris", "Lyon", "Bordeaux", "Lille", "Nantes", "Leeds", "Bristol", "York", "Köln", "Bremen", "Tehran", "Shiraz", "Porto", "Sevilla"]
SYLLABLES = (
    "ba be bo ca co da de do fa fe ga go ha he ja ka ko la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se so ta te ti to va ve vi".split()
)
KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]


@dataclass(frozen=True)
class Person:
    """Somebody as the register has them, and how else their names are written."""

    id: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    born: date
    street: tuple[str, str]  # number, name of the street
    town: tuple[str, str]  # postal code, town

    def address(self) -> str:
        return f"{self.street[0]} rue {self.street[1]}, {self.town[0]} {self.town[1]}"


@dataclass(frozen=True)
class Record:
    """A row of a stolen file, and whose it is (None: of nobody in the register)."""

    given: str
    family: str
    born: str
    address: str
    whose: str | None


def make(n_persons: int, n_records: int, seed: int) -> tuple[list[Person], list[Record]]:
    """A register, and records of which six in ten are of its persons."""
    chance = random.Random(seed)
    given, family = _spellings(GIVEN), _spellings(FAMILY)
    # Most families of a real register are rare.
    rare = ["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4)))).capitalize() + chance.choice(("", *"nrsx")) for _ in range(3000)]
    families = family + [(name,) for name in rare]
    weights = [12 / (1 + i % len(family)) + 1 for i in range(len(family))] + [0.25] * len(rare)
    register = [_person(f"P-{n}", chance, given, families, weights) for n in range(n_persons)]
    for n in range(0, n_persons, 9):  # homes: the next one or two share family, address
        for m in (n + 1, n + 2):
            if m < n_persons:
                register[m] = Person(register[m].id, register[m].given, register[n].family, register[m].born, register[n].street, register[n].town)
    records = []
    while len(records) < n_records:
        somebody = chance.choice(register)
        draw = chance.random()
        if draw < 0.60:
            records.append(_record(somebody, chance, somebody.id))
        elif draw < 0.85:
            stranger = _person("", chance, given, families, weights)
            records.append(_record(stranger, chance, None))
        elif draw < 0.93:  # a relative of the same home
            other = _person("", chance, given, families, weights)
            records.append(_record(Person("", other.given, somebody.family, other.born, somebody.street, somebody.town), chance, None))
        elif draw < 0.935:  # a twin
            other = _person("", chance, given, families, weights)
            if other.given != somebody.given:
                records.append(_record(Person("", other.given, somebody.family, somebody.born, somebody.street, somebody.town), chance, None))
        elif draw < 0.96:  # a namesake elsewhere
            other = _person("", chance, given, families, weights)
            records.append(_record(Person("", somebody.given, somebody.family, other.born, other.street, other.town), chance, None))
        elif draw < 0.98:  # a stranger born on the same day
            other = _person("", chance, given, families, weights)
            records.append(_record(Person("", other.given, other.family, somebody.born, other.street, other.town), chance, None))
        else:  # who moved
            other = _person("", chance, given, families, weights)
            records.append(_record(Person("", somebody.given, somebody.family, somebody.born, other.street, other.town), chance, somebody.id))
    return register, records


def _spellings(lines: list[str]) -> list[tuple[str, ...]]:
    return [tuple(line.split()) for line in lines if line.strip()]


def _person(number: str, chance: random.Random, given: list[tuple[str, ...]], families: list[tuple[str, ...]], weights: list[float]) -> Person:
    born = date(1935, 1, 1) + timedelta(chance.randrange(26_000))
    name = chance.choices(families, weights)[0]
    return Person(
        number,
        _turned(chance.choice(given), chance),
        _turned(name, chance),
        born,
        (str(chance.randrange(1, 190)), chance.choice(STREETS)),
        (f"{chance.randrange(1, 95):02}{chance.randrange(100, 999)}", chance.choice(TOWNS)),
    )


def _turned(spellings: tuple[str, ...], chance: random.Random) -> tuple[str, ...]:
    """The register's own spelling first: any of them."""
    at = chance.randrange(len(spellings))
    return spellings[at:] + spellings[:at]


def _record(person: Person, chance: random.Random, whose: str | None) -> Record:
    given, family = _written(person.given, chance), _written(person.family, chance)
    if chance.random() < 0.02:
        given = given[0] + "."
    born = _date(person.born, chance) if chance.random() < 0.75 else ""
    address = _address(person, chance) if chance.random() < 0.75 or not born else ""
    return Record(given, family, born, address, whose)


def _written(spellings: tuple[str, ...], chance: random.Random) -> str:
    word = spellings[0] if chance.random() < 0.6 else chance.choice(spellings)
    if chance.random() < 0.12:
        word = _mistyped(word, chance)
    return chance.choice((word, word, word, word.upper(), word.lower()))


def _mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    match chance.randrange(4):
        case 0 if len(word) > 3:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at] + word[at:]
        case 2 if at + 1 < len(word):
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            row = next((row for row in KEYS if word[at].lower() in row), None)
            if row is None:
                return word
            place = row.index(word[at].lower())
            return word[:at] + row[place + 1 if place + 1 < len(row) else place - 1] + word[at + 1 :]


def _date(day: date, chance: random.Random) -> str:
    draw = chance.random()
    if draw < 0.02 and day.day <= 12:
        day = date(day.year, day.day, day.month)
    elif draw < 0.04:
        day = day.replace(year=day.year + chance.choice((-10, -1, 1, 10)), day=min(day.day, 28))
    elif draw < 0.05:
        day = day.replace(day=1 + (day.day + 9) % 28)
    return chance.choice((day.isoformat(), day.strftime("%d/%m/%Y"), day.strftime("%d.%m.%Y")))


def _address(person: Person, chance: random.Random) -> str:
    number, street = person.street
    code, town = person.town
    draw = chance.random()
    if draw < 0.1:
        return f"{number}, R. {street}, {code} {town.upper()}"
    if draw < 0.18:
        return f"{code} {town}"
    if draw < 0.25:
        return f"{number} {_mistyped(street, chance)} {code} {town}"
    return person.address()
