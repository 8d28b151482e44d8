"""What invented guests write, in three languages: complaints, praise, and plain questions. No sentence was said by anyone."""

import numpy as np

from amanat.prepare.column import Text, join, pick
from amanat.prepare.draw import Draw, Flags, Ints

LANGUAGES = ("en", "fr", "fa")

# language -> mood -> first sentences, second sentences
_SAID: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "en": {
        "angry": (
            (
                "I am furious that my passport number is out there because of you.",
                "Three weeks of silence, and then a letter that explains nothing.",
                "You lost my data and I had to read about it in a forum.",
                "My card was blocked in the middle of a trip.",
                "Nobody answers the phone line you gave us.",
                "I have stayed with you for years and feel betrayed.",
                "The reply I got was copied and pasted, and useless.",
                "Breakfast was cold and the room smelled of smoke.",
                "I no longer feel safe giving you my details.",
                "Since your breach I get scam calls every single day.",
            ),
            (
                "I am closing my account.",
                "This is unacceptable.",
                "Never again.",
                "I want my data deleted, today.",
                "What a disgrace.",
                "I regret ever booking here.",
                "You should be ashamed.",
                "I will complain to the regulator.",
            ),
        ),
        "calm": (
            (
                "The letter was clear and told me what to do.",
                "Check-in took two minutes and the staff were lovely.",
                "Could you tell me whether my booking of the 12th still stands?",
                "Your colleague on the phone was patient and solved it at once.",
                "I appreciate that you told us quickly.",
                "Quiet room, good bed, fair price.",
                "I would like to change the date of my stay.",
                "Honest answer, thank you.",
                "Is breakfast included in the weekend rate?",
                "The new log-in with a code works well.",
            ),
            (
                "Thank you for your help.",
                "See you in spring.",
                "I will gladly come back.",
                "Kind regards.",
                "Keep it up.",
                "That was all I needed.",
                "Recommended.",
                "Looking forward to our stay.",
            ),
        ),
    },
    "fr": {
        "angry": (
            (
                "Je suis furieux que mon numéro de passeport circule par votre faute.",
                "Trois semaines de silence, puis une lettre qui n’explique rien.",
                "Vous avez perdu mes données et je l’apprends par un forum.",
                "Ma carte a été bloquée en plein voyage.",
                "Personne ne répond au numéro que vous avez donné.",
                "Cliente depuis des années, je me sens trahie.",
                "On m’a envoyé une réponse toute faite, parfaitement inutile.",
                "Petit déjeuner froid et chambre qui sentait la fumée.",
                "Je ne me sens plus en sécurité chez vous.",
                "Depuis votre fuite, je reçois des appels d’escrocs tous les jours.",
            ),
            (
                "Je ferme mon compte.",
                "C’est inacceptable.",
                "Plus jamais.",
                "J’exige l’effacement de mes données.",
                "Quelle honte.",
                "Je regrette d’avoir réservé ici.",
                "Vous devriez avoir honte.",
                "Je vais saisir la CNIL.",
            ),
        ),
        "calm": (
            (
                "La lettre était claire et disait quoi faire.",
                "Arrivée en deux minutes, personnel charmant.",
                "Pouvez-vous me confirmer ma réservation du 12 ?",
                "Votre collègue au téléphone a été patiente et a tout réglé.",
                "J’apprécie que vous nous ayez prévenus rapidement.",
                "Chambre calme, bonne literie, prix correct.",
                "Je souhaite modifier la date de mon séjour.",
                "Réponse honnête, merci.",
                "Le petit déjeuner est-il compris le week-end ?",
                "La nouvelle connexion avec un code fonctionne bien.",
            ),
            (
                "Merci pour votre aide.",
                "À ce printemps.",
                "Je reviendrai avec plaisir.",
                "Bien cordialement.",
                "Continuez ainsi.",
                "C’est tout ce qu’il me fallait.",
                "Je recommande.",
                "Au plaisir de notre séjour.",
            ),
        ),
    },
    "fa": {
        "angry": (
            (
                "خیلی عصبانی‌ام که شمارهٔ گذرنامه‌ام به‌خاطر شما دست دیگران افتاده.",
                "سه هفته سکوت کردید و بعد نامه‌ای فرستادید که هیچ چیز را توضیح نمی‌دهد.",
                "اطلاعاتم را از دست دادید و من باید از یک انجمن اینترنتی باخبر شوم.",
                "وسط سفر کارتم مسدود شد.",
                "هیچ‌کس به تلفنی که داده‌اید جواب نمی‌دهد.",
                "سال‌ها مهمان شما بودم و حالا حس می‌کنم به من خیانت شده.",
                "پاسخی که گرفتم تکراری و بی‌فایده بود.",
                "صبحانه سرد بود و اتاق بوی سیگار می‌داد.",
                "دیگر به شما اعتماد ندارم.",
                "از وقتی اطلاعات لو رفته هر روز کلاهبردارها زنگ می‌زنند.",
            ),
            (
                "حسابم را می‌بندم.",
                "این اصلاً قابل قبول نیست.",
                "دیگر هرگز.",
                "می‌خواهم اطلاعاتم همین امروز پاک شود.",
                "واقعاً مایهٔ شرم است.",
                "پشیمانم که اینجا رزرو کردم.",
                "باید خجالت بکشید.",
                "شکایت می‌کنم.",
            ),
        ),
        "calm": (
            (
                "نامه روشن بود و گفت چه کار کنم.",
                "پذیرش دو دقیقه طول کشید و کارکنان مهربان بودند.",
                "می‌شود بگویید رزرو روز دوازدهم من هنوز برقرار است؟",
                "همکارتان پشت تلفن صبور بود و مشکل را زود حل کرد.",
                "ممنونم که زود خبر دادید.",
                "اتاق آرام، تخت خوب، قیمت منصفانه.",
                "می‌خواهم تاریخ اقامتم را عوض کنم.",
                "پاسخ صادقانه‌ای بود.",
                "صبحانه جزو قیمت آخر هفته هست؟",
                "ورود تازه با کد خوب کار می‌کند.",
            ),
            (
                "از کمک شما سپاسگزارم.",
                "بهار می‌بینمتان.",
                "با خوشحالی دوباره می‌آیم.",
                "با احترام.",
                "همین‌طور ادامه بدهید.",
                "همین را لازم داشتم.",
                "پیشنهاد می‌کنم.",
                "منتظر سفرمان هستیم.",
            ),
        ),
    },
}
_FIRST = [first for language in LANGUAGES for mood in ("angry", "calm") for first in _SAID[language][mood][0]]
_SECOND = [second for language in LANGUAGES for mood in ("angry", "calm") for second in _SAID[language][mood][1]]
_N_FIRST, _N_SECOND = 10, 8


def texts(draw: Draw, tongue: Ints, is_angry: Flags, stream: str) -> Text:
    """A text of two sentences for each person; `tongue` is an index into LANGUAGES."""
    group = tongue * 2 + np.where(is_angry, 0, 1)
    first = pick(_FIRST, group * _N_FIRST + draw.below(f"{stream}.first", _N_FIRST))
    return join(first, " ", pick(_SECOND, group * _N_SECOND + draw.below(f"{stream}.second", _N_SECOND)))
