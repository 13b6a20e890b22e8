"""Writes numbers of a sentence as words, so that '40' here and 'forty' there are met in training."""
import re

# 2 to 19, then 20, 30 … 90.
UNITS = dict(
    en="two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    de="zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    pl="dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście "
    "osiemnaście dziewiętnaście",
    hr="dva tri četiri pet šest sedam osam devet deset jedanaest dvanaest trinaest četrnaest petnaest šesnaest sedamnaest osamnaest devetnaest",
    el="δύο τρία τέσσερα πέντε έξι επτά οκτώ εννέα δέκα έντεκα δώδεκα δεκατρία δεκατέσσερα δεκαπέντε δεκαέξι δεκαεπτά δεκαοκτώ δεκαεννέα",
)
TENS = dict(
    en="twenty thirty forty fifty sixty seventy eighty ninety",
    de="zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    pl="dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt",
    hr="dvadeset trideset četrdeset pedeset šezdeset sedamdeset osamdeset devedeset",
    el="είκοσι τριάντα σαράντα πενήντα εξήντα εβδομήντα ογδόντα ενενήντα",
)
ONE = dict(en="one", de="ein", pl="jeden", hr="jedan", el="ένα")
HUNDRED = dict(en="a hundred", de="hundert", pl="sto", hr="sto", el="εκατό")
# A number before a word: no date, time, decimal or part of a larger number.
NUMBER = re.compile(r"(?<![\w.,:/€$£-])(\d{1,3})(?= \w)(?! (?:\d|(?:" + "|".join(
    "jan feb mar apr may jun jul aug sep oct nov dec märz mai okt dez sty lut kwi maj cze lip sie wrz paź lis gru sij velj ožu trav svib lip srp kol ruj stud pros "
    "ιαν φεβ μαρ απρ μαΐ μαϊ ιουν ιουλ αυγ σεπ οκτ νοε δεκ uhr godz sati".split()) + r")))", re.IGNORECASE)


def word(number, lang):
    """A whole number from 1 to 100 as a word of a core language; None where there is none here."""
    if number == 100:
        return HUNDRED[lang]
    tens, units = divmod(number, 10)
    if 2 <= number < 20:
        return UNITS[lang].split()[number - 2]
    if not 20 <= number < 100:
        return None
    ten = TENS[lang].split()[tens - 2]
    unit = ONE[lang] if units == 1 else UNITS[lang].split()[units - 2] if units else ""
    if not unit:
        return ten
    return unit + "und" + ten if lang == "de" else f"{ten}-{unit}" if lang == "en" else f"{ten} {unit}"


def spelled(text, lang):
    """The text with its small numbers as words, not inflected; unchanged in other languages."""
    if lang not in UNITS:
        return text
    return NUMBER.sub(lambda found: word(int(found[1]), lang) or found[0], text)


def sometimes(events, groups, rng, share=0.4):
    """Events and claim groups in which that share of the sentences has its numbers as words."""
    write = lambda text, lang: spelled(text, lang) if rng.random() < share else text
    events = [{**event, "lines": [(lang, says, write(text, lang)) for lang, says, text in event["lines"]]} for event in events]
    sides = ("base", "contra", "neutral")
    groups = [{**group, **{side: {lang: write(text, lang) for lang, text in group[side].items()} for side in sides}} for group in groups]
    return events, groups
