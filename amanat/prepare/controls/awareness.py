"""Staff know what phishing looks like and whom to tell, and are thanked when they do."""

from amanat.prepare.control import Control, Words
from amanat.prepare.sources import cis, cnil, nist

CONTROL = Control(
    hurts=3,
    is_must=False,
    words={
        "en": Words(
            "Staff recognise and report",
            "The first warning is often a colleague who wonders about a mail. Whoever fears blame stays silent, and we lose days.",
            "One address or button to report, an answer to each report, short training twice a year that measures reports and not clicks.",
        ),
        "fr": Words(
            "Le personnel reconnaît et signale",
            "Le premier signal est souvent un collègue intrigué par un courriel. Qui craint le blâme se tait, et nous perdons des jours.",
            "Une adresse ou un bouton pour signaler, une réponse à chaque signalement, une formation courte deux fois par an qui "
            "mesure les signalements, pas les clics.",
        ),
        "fa": Words(
            "همکاران تشخیص می‌دهند و خبر می‌دهند",
            "نخستین هشدار اغلب همکاری است که به ایمیلی شک می‌کند. کسی که از سرزنش بترسد چیزی نمی‌گوید و ما روزها را از دست می‌دهیم.",
            "یک نشانی یا دکمه برای گزارش، پاسخ به هر گزارش، و سالی دو بار آموزش کوتاه که گزارش‌ها را می‌سنجد نه کلیک‌ها را.",
        ),
    },
    sources=(cis("14.2, 14.6, 17.3"), nist("PR.AT-01"), cnil("Impliquer et former les utilisateurs")),
)
