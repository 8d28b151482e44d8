"""What the invented companies say about their worst day, in three languages: plain, and no more certain than they are."""

STATEMENTS: dict[str, dict[str, str]] = {
    "what_happened": {
        "en": "An intruder used a password stolen from a member of our staff to enter our booking system, and copied "
        "files that hold data of our guests.",
        "fr": "Une personne non autorisée s’est servie du mot de passe volé d’un membre de notre personnel pour "
        "entrer dans notre système de réservation, "
        "et a copié des fichiers contenant des données de nos clients.",
        "fa": "فردی ناشناس با گذرواژه‌ای که از یکی از کارکنان ما دزدیده بود وارد سامانهٔ رزرو ما شد و از فایل‌هایی که "
        "اطلاعات مهمانان ما در آن‌هاست کپی گرفت.",
    },
    "what_we_did": {
        "en": "We closed this access, changed all staff passwords and now ask for a second proof at every log-in. "
        "Specialists from outside are examining our systems with us.",
        "fr": "Nous avons fermé cet accès, changé tous les mots de passe du personnel et exigeons désormais une seconde preuve à chaque connexion. "
        "Des spécialistes extérieurs examinent nos systèmes avec nous.",
        "fa": "این راه دسترسی را بستیم، گذرواژهٔ همهٔ کارکنان را عوض کردیم و اکنون برای هر ورود تأیید دومی هم لازم است. "
        "متخصصانی از بیرون نیز همراه ما سامانه‌ها را بررسی می‌کنند.",
    },
    "what_we_will_do": {
        "en": "We are reading the copied files to the end. We will write again to say what we have learnt, even if there is nothing new.",
        "fr": "Nous lisons les fichiers copiés jusqu’au dernier. Nous vous écrirons de nouveau, même si nous n’avons rien appris de plus.",
        "fa": "فایل‌های کپی‌شده را تا آخرین فایل بررسی می‌کنیم. دوباره برایتان می‌نویسیم، حتی اگر خبر تازه‌ای نباشد.",
    },
    "what_we_do_not_know": {
        "en": "We do not know yet who took the data, whether anyone has used them, or whether more files were copied. "
        "Some of the copied files we could not open so far.",
        "fr": "Nous ne savons pas encore qui a pris ces données, si quelqu’un s’en est servi, ni si d’autres fichiers ont été copiés. "
        "Certains des fichiers copiés n’ont pas encore pu être ouverts.",
        "fa": "هنوز نمی‌دانیم چه کسی این اطلاعات را برداشته است، کسی از آن استفاده کرده است یا نه، و فایل‌های دیگری هم کپی شده است یا نه. "
        "بعضی از فایل‌ها را هنوز نتوانسته‌ایم باز کنیم.",
    },
    "likely_consequences": {
        "en": "Strangers may write or call and pretend to be us or your bank, try your password elsewhere, or buy or sign something in your name.",
        "fr": "Des inconnus pourraient vous écrire ou vous appeler en se faisant passer pour nous ou pour votre "
        "banque, essayer votre mot de passe ailleurs, "
        "ou acheter ou signer quelque chose à votre nom.",
        "fa": "ممکن است افراد ناشناس خود را جای ما یا بانک شما جا بزنند و پیام بدهند یا زنگ بزنند، گذرواژه‌تان را در جاهای دیگر امتحان کنند، "
        "یا به نام شما چیزی بخرند یا قراردادی ببندند.",
    },
    "search_for_misuse": {
        "en": "Every day we search the places where stolen data are offered for sale. Up to now we have not found our files there; "
        "this does not mean that nobody has them.",
        "fr": "Nous cherchons chaque jour là où des données volées sont mises en vente. Jusqu’ici nous n’y avons pas trouvé nos fichiers ; "
        "cela ne veut pas dire que personne ne les détient.",
        "fa": "هر روز جاهایی را که اطلاعات دزدیده‌شده در آن‌ها فروخته می‌شود جست‌وجو می‌کنیم. تا امروز فایل‌های خود را آنجا ندیده‌ایم؛ "
        "این به آن معنا نیست که کسی آن‌ها را ندارد.",
    },
    "cause": {
        "en": "The password was typed into a false log-in page to which an e-mail had led.",
        "fr": "Le mot de passe a été saisi sur une fausse page de connexion vers laquelle menait un e-mail.",
        "fa": "یکی از همکاران گذرواژه را در صفحهٔ ورودی دروغین نوشت که ایمیلی او را به آن کشانده بود.",
    },
    "law_enforcement_told": {
        "en": "We reported the theft to the police in Lyon, where we have our seat.",
        "fr": "Nous avons porté plainte auprès de la police à Lyon, où se trouve notre siège.",
        "fa": "این سرقت را به پلیس شهر لیون، محل دفتر مرکزی ما، گزارش کرده‌ایم.",
    },
    "what_we_offer": {
        "en": "For 12 months we pay for identity monitoring, and for help with identity theft, for everyone whose national number, "
        "passport or bank details are in the files. Call us and we enrol you. You keep every right, whatever help you accept from us.",
        "fr": "Pendant douze mois, nous prenons en charge la surveillance de l’identité et l’aide contre son usurpation pour toute personne "
        "dont le numéro national, le passeport ou les coordonnées bancaires figurent dans ces fichiers. Appelez-nous et nous vous inscrivons. "
        "Vous gardez tous vos droits, quelle que soit l’aide reçue.",
        "fa": "تا دوازده ماه، برای هر کسی که شمارهٔ ملی، گذرنامه یا اطلاعات بانکی‌اش در این فایل‌هاست، هزینهٔ پایش هویت و کمک در برابر سرقت هویت "
        "را می‌پردازیم. با ما تماس بگیرید تا شما را ثبت کنیم. هر کمکی هم که بپذیرید، همهٔ حقوق شما محفوظ می‌ماند.",
    },
}
# What is said otherwise where the company is no hotel, by its sector.
OF_TRADES: dict[str, dict[str, dict[str, str]]] = {
    "hospital": {
        "what_happened": {
            "en": "An intruder used a password stolen from a member of our staff to enter our systems, and copied files that "
            "hold data of our patients.",
            "fr": "Une personne non autorisée s’est servie du mot de passe volé d’un membre de notre personnel pour entrer dans nos systèmes, "
            "et a copié des fichiers contenant des données de nos patients.",
            "fa": "فردی ناشناس با گذرواژه‌ای که از یکی از کارکنان ما دزدیده بود وارد سامانه‌های ما شد و از فایل‌هایی که اطلاعات بیماران ما در "
            "آن‌هاست کپی گرفت.",
        },
    },
    "shop": {
        "what_happened": {
            "en": "An intruder used a password stolen from a member of our staff to enter our shop’s systems, and copied files that hold data of our "
            "customers.",
            "fr": "Une personne non autorisée s’est servie du mot de passe volé d’un membre de notre personnel pour entrer dans les systèmes de "
            "notre boutique, et a copié des fichiers contenant des données de nos clients.",
            "fa": "فردی ناشناس با گذرواژه‌ای که از یکی از کارکنان ما دزدیده بود وارد سامانه‌های فروشگاه ما شد و از فایل‌هایی که اطلاعات مشتریان ما در "
            "آن‌هاست کپی گرفت.",
        },
    },
}
TITLES = {"en": "Managing director", "fr": "Directrice générale", "fa": "مدیرعامل"}
