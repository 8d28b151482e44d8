"""Names of columns in the languages of those whose tables are stolen: each kind of data is known by its column in each of them."""

import pytest

from amanat.scope.column_names import Headers
from amanat.scope.identifier import identifiers

MEMBERS = identifiers()
HEADERS = Headers(MEMBERS)
# As these columns are called in English, French, Persian, German, Spanish and Portuguese, and the kind of data that stands there.
COLUMNS = [
    ("name", "full_name", "nom_complet", "نام_کامل", "vollständiger_Name", "nombre_completo", "nome_completo"),
    ("name", "last name", "nom de famille", "نام خانوادگی", "Nachname", "apellidos", "sobrenome"),
    ("email", "e-mail", "courriel", "ایمیل", "E-Mail-Adresse", "correo electrónico", "e-mail"),
    ("phone", "phone", "téléphone", "تلفن", "Telefon", "teléfono", "telefone"),
    ("address", "address", "adresse", "نشانی", "Anschrift", "dirección", "endereço"),
    ("dob", "date_of_birth", "date_de_naissance", "تاریخ_تولد", "Geburtsdatum", "fecha_de_nacimiento", "data_de_nascimento"),
    ("password", "password", "mot de passe", "رمز عبور", "Passwort", "contraseña", "senha"),
    ("card_number_alone", "card number", "carte bancaire", "شماره کارت", "Kreditkarte", "tarjeta", "cartão"),
    ("fin_access_code", "cvv", "cryptogramme", "cvv2", "Prüfnummer", "código de seguridad", "código de segurança"),
    ("card_truncated", "masked card", "carte masquée", "چهار رقم آخر کارت", "Karte maskiert", "tarjeta enmascarada", "cartão mascarado"),
    ("card_expired", "expired card", "carte expirée", "کارت منقضی", "abgelaufene Karte", "tarjeta caducada", "cartão vencido"),
    ("fin_acct_alone", "account number", "numéro de compte", "شماره حساب", "Kontonummer", "número de cuenta", "número da conta"),
    ("fin_access_code", "pin code", "code pin", "رمز کارت", "PIN-Code", "clave pin", "código pin"),
    ("medical", "diagnosis", "diagnostic médical", "تشخیص", "Diagnosen", "diagnóstico", "diagnóstico"),
    ("health_insurance", "health insurance number", "mutuelle", "شماره بیمه", "Versichertennummer", "tarjeta sanitaria", "cartão sus"),
    ("medical_id", "patient id", "numéro patient", "شماره پرونده", "Patientennummer", "historia clínica número", "prontuário"),
    ("passport", "passport", "passeport", "گذرنامه", "Reisepass", "pasaporte", "passaporte"),
    ("dl_state_id", "driving licence", "permis de conduire", "گواهینامه", "Führerschein", "permiso de conducir", "carteira de motorista"),
    ("pay", "salary", "salaire", "حقوق", "Gehalt", "salario", "salário"),
    ("employment", "job title", "poste occupé", "عنوان شغلی", "Berufsbezeichnung", "puesto de trabajo", "cargo"),
    ("family", "marital status", "situation familiale", "وضعیت تأهل", "Familienstand", "estado civil", "estado civil"),
    ("communications", "message text", "texte du message", "متن پیام", "Nachrichtentext", "texto del mensaje", "texto da mensagem"),
    ("biometric", "fingerprint data", "empreinte digitale", "اثر انگشت", "Fingerabdruck", "huella dactilar", "impressão digital"),
    ("genetic", "dna profile", "profil génétique", "پروفایل ژنتیکی", "DNA-Profil", "perfil genético", "perfil genético"),
    ("special_category", "religion", "religion", "مذهب", "Religion", "religión", "religião"),
    ("special_category", "ethnicity", "origine ethnique", "قومیت", "ethnische Herkunft", "origen étnico", "etnia"),
    ("special_category", "sexual orientation", "orientation sexuelle", "گرایش جنسی", "sexuelle Orientierung",
     "orientación sexual", "orientação sexual"),
    ("special_category", "political opinion", "opinion politique", "گرایش سیاسی", "politische Meinung", "opinión política", "opinião política"),
    ("mothers_maiden_name", "mother's maiden name", "nom de jeune fille de la mère", "نام خانوادگی مادر", "Mädchenname der Mutter",
     "apellido de soltera de la madre", "nome de solteira da mãe"),
    ("loyalty_id", "loyalty number", "carte de fidélité", "شماره عضویت", "Kundenkartennummer", "tarjeta de fidelidad", "cartão fidelidade"),
    ("vehicle", "licence plate", "immatriculation", "شماره پلاک", "Kennzeichen", "matrícula", "placa"),
    ("gender", "gender", "sexe", "جنسیت", "Geschlecht", "sexo", "gênero"),
    ("nationality", "nationality", "nationalité", "تابعیت", "Staatsangehörigkeit", "nacionalidad", "nacionalidade"),
    ("geolocation", "latitude", "latitude", "عرض جغرافیایی", "Breitengrad", "latitud", "latitude"),
]  # fmt: skip
NAMES = list(MEMBERS)


def kinds_of_column(name):
    return {MEMBERS[NAMES[i]].kind for i in HEADERS.of(name)}


@pytest.mark.parametrize("kind, columns", [(kind, columns) for kind, *columns in COLUMNS], ids=[f"{c[0]} {c[1]}" for c in COLUMNS])
def test_a_column_is_known_in_six_languages(kind, columns):
    assert len(columns) == 6
    assert [name for name in columns if kind not in kinds_of_column(name)] == []
