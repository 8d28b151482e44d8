"""Passwords are long, unique and checked against leaked ones; shared accounts are gone."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, cnil, nist

CONTROL = Control(
    hurts=4,
    is_must=True,
    words={
        "en": Words(
            "Password policy",
            "Passwords leaked elsewhere are tried everywhere. One that is reused opens our door without any attack.",
            "Ask for length instead of forced changes, refuse passwords known from leaks, give staff a password manager, and end shared accounts.",
        ),
        "fr": Words(
            "Politique de mots de passe",
            "Les mots de passe divulgués ailleurs sont essayés partout. Un seul mot de passe réutilisé ouvre notre porte sans attaque.",
            "Exigez de la longueur plutôt que des changements forcés, refusez les mots de passe déjà divulgués, offrez un "
            "gestionnaire et supprimez les comptes partagés.",
        ),
        "fa": Words(
            "سیاست گذرواژه",
            "رمزهایی که جای دیگری لو رفته‌اند همه‌جا امتحان می‌شوند؛ یک رمز تکراری بی هیچ حمله‌ای در را باز می‌کند.",
            "به جای تغییر اجباری، رمز بلند بخواهید؛ رمزهای لورفته را نپذیرید؛ به همکاران مدیر گذرواژه بدهید و حساب‌های مشترک را ببندید.",
        ),
    },
    sources=(cis("5.2"), nist("PR.AA-01"), cnil("Authentifier les utilisateurs")),
)
