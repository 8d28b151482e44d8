"""The register: the company's own list of the persons it knows. It is read where it lies."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register: its name here, what it holds, and other names that registers give it."""

    name: str
    says: str
    also: tuple[str, ...] = ()


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column(
            "person_id",
            "the company's own number of the person",
            ("id", "customer_id", "guest_id", "client_id", "user_id", "customer_no", "kundennummer", "numero_client", "شناسه"),
        ),
        Column("name", "full name", ("full_name", "customer_name", "guest_name", "nom_complet", "nom_prenom", "نام_و_نام_خانوادگی", "نام_کامل")),
        Column("given_name", "given name", ("first_name", "firstname", "forename", "prenom", "vorname", "نام")),
        Column("family_name", "family name", ("last_name", "lastname", "surname", "nom", "nom_de_famille", "nachname", "نام_خانوادگی")),
        Column(
            "email",
            "e-mail address; several are separated by `;`",
            ("e_mail", "mail", "email_address", "courriel", "adresse_email", "ایمیل", "پست_الکترونیکی"),
        ),
        Column(
            "phone",
            "telephone number; several are separated by `;`",
            ("telephone", "phone_number", "mobile", "tel", "portable", "telefon", "تلفن", "موبایل"),
        ),
        Column(
            "address", "postal address, lines separated by a comma", ("postal_address", "street_address", "adresse", "anschrift", "نشانی", "آدرس")
        ),
        Column(
            "residence",
            "ISO 3166-1 country, or 3166-2 where law needs the state (US-CA, CA-QC)",
            ("country", "country_code", "pays", "land", "state_of_residence", "کشور"),
        ),
        Column("language", "BCP 47 language in which to write to the person", ("lang", "locale", "langue", "sprache", "زبان")),
        Column("birth_date", "date of birth (ISO 8601)", ("dob", "date_of_birth", "birthday", "date_de_naissance", "geburtsdatum", "تاریخ_تولد")),
        Column("minor", "true for a minor", ("is_minor", "mineur")),
        Column("deceased", "true for a person who has died", ("is_deceased", "decede")),
        Column("needs", "declared need for support", ("support_needs", "special_needs", "besoins")),
        Column("national_id", "national identification number", ("national_number", "ssn", "nir", "nino", "cpf", "kod_melli", "کد_ملی")),
        Column("iban", "bank account", ("bank_account", "kontonummer", "شماره_شبا")),
        Column("card", "payment card number", ("card_number", "pan", "credit_card", "carte", "شماره_کارت")),
        Column("loyalty_id", "number in the loyalty programme", ("loyalty_number", "member_no", "membership", "carte_fidelite")),
        Column(
            "former_name",
            "earlier names; several are separated by `;`",
            ("birth_name", "maiden_name", "nom_de_naissance", "geburtsname", "نام_پیشین"),
        ),
        Column(
            "former_email", "earlier e-mail addresses; several are separated by `;`", ("old_email", "previous_email", "ancien_email", "alte_email")
        ),
        Column("former_phone", "earlier telephone numbers; several are separated by `;`", ("old_phone", "previous_phone", "ancien_telephone")),
        Column("former_address", "earlier postal addresses; several are separated by `;`", ("old_address", "previous_address", "ancienne_adresse")),
        Column("valid_from", "day from which a row holds; with valid_until a person may have several rows"),
        # No guess by other names: an end_date is more often that of a subscription, and who has one would be nobody's contact.
        Column("valid_until", "day until which a row holds; empty: it still does", ("valid_to",)),
        Column("since", "day on which the person became a customer (ISO 8601)", ("customer_since", "member_since", "client_depuis")),
        Column(
            "controller",
            "for whom we process the person's data, when we are a processor; several are separated by `;`",
            ("data_controller", "tenant", "tenant_id", "responsable_de_traitement", "verantwortlicher", "کنترل‌کننده"),
        ),
        Column("yearly_value_eur", "revenue per year, in euros", ("annual_value", "ltv", "valeur_annuelle")),
    )
}
