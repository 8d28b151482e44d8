"""Common given and family names by culture. A common name is nobody in particular.

Each entry is written `name` or `name|latin` where the e-mail address needs another spelling.
"""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one culture: as people write them, and as their e-mail addresses do."""

    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]

    @property
    def given(self) -> tuple[str, ...]:
        """Female names, then male names."""
        return self.female + self.male


_FR = Names(
    female=tuple(
        "Camille Léa Manon Chloé Émilie Aurélie Céline Hélène Françoise Véronique Élodie Zoé Inès Anaïs Maëlle Noémie Agnès Mathilde Béatrice Sophie "
        "Juliette Clémence Margaux Brigitte Sylvie Amélie Marie-Claire Anne-Sophie Marie-Hélène Jeanne Lucie Pauline".split()
    ),
    male=tuple(
        "Louis Gabriel Raphaël Jérôme François Frédéric Rémi Benoît Loïc Gaël Cédric Sébastien Étienne Théo Mathéo "
        "Grégoire Stéphane Hervé André René "
        "Jean-Pierre Jean-François Jean-Luc Pierre-Yves Antoine Olivier Thierry Bastien Clément Maxime Noël Guillaume".split()
    ),
    family=tuple(
        "Martin Bernard Dubois Durand Moreau Lefèvre Leroy Girard Fournier Mercier Dupont Lambert Bonnet François Legrand Garnier Chevalier Gauthier "
        "Béranger Rousseau Hébert Lévêque Fréchette Bélanger Côté Gagné Tremblay Pélissier Delacroix Vallée Ménard Renaud Lemaître Guérin Brunet "
        "Boucher Noël Périer Maréchal Besnard Collet Prévost Carré Barré Régnier Jacquet Poirier Aubert Roger Étienne "
        "D’Amours L’Hermite Le_Goff".split()
    ),
)
_DE = Names(
    female=tuple(
        "Anna Lena Jördis Käthe Ulrike Gisela Sabine Birgit Heike Marlene Frieda Hannelore Anneliese Grete Ilse Mareike Svenja Bärbel Dörte "
        "Karin Petra Anke Silke Wiebke Antje Helga Ingrid Anna-Lena Eva-Maria".split()
    ),
    male=tuple(
        "Jürgen Günther Björn Jörg Hans Klaus Dieter Sönke Götz Uwe Rüdiger Matthias Thorsten Lothar Heinz Wolfgang "
        "Lukas Finn Malte Hannes Karl-Heinz "
        "Hans-Jürgen Kai Ralf Detlef Volker Friedrich Benedikt Jonas Moritz".split()
    ),
    family=tuple(
        "Müller Schmidt Schneider Fischer Weber Schäfer Köhler König Krüger Größ|groess Strauß|strauss Weiß|weiss Groß|gross Böhm Jäger Möller Lüdke "
        "Hübner Vögel Schröder Förster Günther Kühn Brandt Winkler Lorenz Baumann Heinrich Lindner Kaiser Fuchs Vogt Sommer Winter Zimmermann "
        "Hoffmann Bergmann Pohl Engel Horn Busch Thiele Voß|voss Preuß|preuss Heß|hess Kästner Löwe Seiffert Meyer-Lüdenscheid Schulze-Höft".split()
    ),
)
_EN = Names(
    female=tuple(
        "Olivia Amelia Emily Charlotte Grace Hannah Megan Rachel Zoe Chloe Siobhán Sinéad Niamh Bethany Eleanor "
        "Harriet Victoria Abigail Natalie Jessica "
        "Ashley Brittany Madison Kimberly Jennifer Susan Deborah Patricia Carol Mary-Jane".split()
    ),
    male=tuple(
        "Oliver George Harry Jack Alfie Callum Rhys Owen Seán Liam Ethan Joshua Nathan Dylan Graham Nigel Keith Stuart Gareth Trevor Tyler Brandon "
        "Justin Kevin Brian Gary Larry Dennis Walter Billy-Joe".split()
    ),
    family=tuple(
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke "
        "O’Brien O’Connor O’Neill McDonald McKenzie Fitzgerald Hughes Edwards Turner Hill Moore Cooper Ward Morris Baker Harrison Bell Murphy Bailey "
        "Parker Bennett Cook Shaw Ellis Marshall Carter Stevens Webb Holmes Palmer Mills Smith-Jones Taylor-Wood Lloyd-Hughes".split()
    ),
)
_FA = Names(
    female=tuple(
        "فاطمه|fatemeh زهرا|zahra مریم|maryam سارا|sara نگار|negar نرگس|narges شیرین|shirin پریسا|parisa مینا|mina لیلا|leila آزاده|azadeh "
        "مهسا|mahsa نازنین|nazanin الهام|elham سمیرا|samira فرشته|fereshteh ژاله|jaleh گلناز|golnaz کیمیا|kimia یلدا|yalda پروانه|parvaneh "
        "سپیده|sepideh هستی|hasti ترانه|taraneh مه‌لقا|mahlagha".split()
    ),
    male=tuple(
        "علی|ali محمد|mohammad حسین|hossein رضا|reza مهدی|mehdi امیر|amir کوروش|kourosh آرش|arash سیاوش|siavash کیوان|keyvan بهرام|bahram "
        "پژمان|pejman فریدون|fereydoun یوسف|yousef کامران|kamran هومن|houman سهراب|sohrab بابک|babak شهاب|shahab نیما|nima علی‌رضا|alireza "
        "محمدرضا|mohammadreza امیرحسین|amirhossein پیمان|peyman کاوه|kaveh".split()
    ),
    family=tuple(
        "محمدی|mohammadi حسینی|hosseini احمدی|ahmadi رضایی|rezaei کریمی|karimi مرادی|moradi جعفری|jafari رحیمی|rahimi کاظمی|kazemi نوری|nouri "
        "صادقی|sadeghi اکبری|akbari یوسفی|yousefi شریفی|sharifi قاسمی|ghasemi زارعی|zarei ملکی|maleki شیرازی|shirazi تهرانی|tehrani "
        "اصفهانی|esfahani تبریزی|tabrizi کرمانی|kermani یزدی|yazdi خراسانی|khorasani فراهانی|farahani گیلانی|gilani نیک‌فر|nikfar "
        "پورکریم|pourkarim خوش‌نویس|khoshnevis جهان‌بین|jahanbin نجفی|najafi باقری|bagheri موسوی|mousavi میرزایی|mirzaei کیانی|kiani سلیمی|salimi "
        "عزیزی|azizi فرهادی|farhadi پاکزاد|pakzad دانشور|daneshvar".split()
    ),
)
_PT = Names(
    female=tuple(
        "Ana Beatriz Larissa Letícia Júlia Conceição Fátima Luíza Camila Fernanda Patrícia Cláudia Márcia Mônica "
        "Débora Aparecida Antônia Vitória Lívia "
        "Helena Maria_Clara Ana_Paula Maria_Eduarda Flávia".split()
    ),
    male=tuple(
        "João José Antônio Luís Cauã Vinícius Otávio Márcio Flávio Fábio Sérgio Mário Inácio Estêvão Thiago Rafael Gustavo Leandro Marcelo Rodrigo "
        "João_Pedro Luiz_Fernando Carlos_Eduardo Davi".split()
    ),
    family=tuple(
        "da_Silva dos_Santos de_Oliveira de_Souza Pereira Ferreira Rodrigues Alves Ribeiro Carvalho Gonçalves Araújo "
        "Mendonça Simões Magalhães Brandão "
        "Assunção Falcão Conceição das_Neves do_Nascimento de_Almeida da_Costa Teixeira Nóbrega e_Silva|esilva "
        "Vieira_de_Melo Cavalcanti Leão Guimarães "
        "Moraes Queirós".split()
    ),
)
_ES = Names(
    female=tuple("María Lucía Sofía Carmen Pilar Inés Begoña Rocío Belén Nuria Raquel Marta Ángela Verónica Mónica María_José".split()),
    male=tuple("José Ángel Martín Jesús Íñigo Iván Óscar Adrián Rubén Andrés Joaquín Álvaro Raúl Tomás Víctor Juan_Carlos".split()),
    family=tuple(
        "García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Muñoz Núñez Ibáñez Castaño Peña Gutiérrez Ramírez Domínguez Vázquez "
        "García_López Pérez_Núñez Hernández_Gil Jiménez de_la_Fuente del_Río Álvarez".split()
    ),
)
_IT = Names(
    female=tuple("Giulia Chiara Francesca Alessandra Martina Elisa Ginevra Beatrice Noemi Ilaria Maria_Grazia Lucia".split()),
    male=tuple("Marco Luca Matteo Andrea Niccolò Alessandro Davide Salvatore Giuseppe Pietro Gian_Marco Tommaso".split()),
    family=tuple(
        "Rossi Russo Ferrari Esposito Bianchi Colombo Ricci Marino Greco Conti De_Luca Costa Giordano Mancini Rizzo "
        "Lombardi Moretti D’Angelo Dell’Orto "
        "Nicolò Cantù Dal_Bò".split()
    ),
)

CULTURES: dict[str, Names] = {"fr": _FR, "de": _DE, "en": _EN, "fa": _FA, "pt": _PT, "es": _ES, "it": _IT}

_LATIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "", "'": "", "-": "", " ": "", "_": ""})


def written(entry: str) -> str:
    """The name as its bearer writes it.

    >>> written("da_Silva"), written("سارا|sara")
    ('da Silva', 'سارا')
    """
    return entry.split("|")[0].replace("_", " ")


def latin(entry: str) -> str:
    """The name as it stands in an e-mail address.

    >>> latin("Jérôme"), latin("Müller"), latin("سارا|sara"), latin("da_Silva")
    ('jerome', 'mueller', 'sara', 'dasilva')
    """
    if "|" in entry:
        return entry.split("|")[1]
    decomposed = unicodedata.normalize("NFD", entry.lower().translate(_LATIN))
    return "".join(c for c in decomposed if "a" <= c <= "z")
