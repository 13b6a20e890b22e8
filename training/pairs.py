"""Pairs of sentences with their relation, drawn from claim groups, events and NLI sets.

A pair is (left, right, label, conflict type): labels 0 agreement, 1 unrelated, 2 contradiction, 3 'not agreement' (binary NLI sets);
the type is an index into TYPES for contradictions of claim groups and events, else -1.
"""
import common

AGREEMENT, UNRELATED, CONTRADICTION, NOT_AGREEMENT = range(4)
LABELS = dict(entailment=AGREEMENT, neutral=UNRELATED, contradiction=CONTRADICTION, not_entailment=NOT_AGREEMENT)
TYPES = ("number", "date", "order", "denial", "actor", "place", "cause", "status", "outcome")
TYPE_OF = dict(
    number="number quantity",
    date="date duration",
    order="temporal_order first_vs_again",
    denial="denial negation knowledge",
    actor="actor payer",
    place="place direction",
    cause="cause attribution_of_blame",
    status="status planned_vs_done proposed_vs_adopted suspected_vs_confirmed part_vs_all",
    outcome="outcome legal legal_decision legal/decision",
)
TYPE_INDEX = {fine: TYPES.index(coarse) for coarse, names in TYPE_OF.items() for fine in names.split()}
NLI = (
    "snli_ni_en fever_ggk klue_ko_triplets conjnli_adv ntrex_synth_xling indonli_id mnli_llmsknow_train mnli_ni_en taxinli10k mnli_olora_train "
    "cad_nli_train inferbr_pt farstail_fa terra_ru fm2_dev fever_symmetric_dev ans_ar_train pawsx_devtest_binary snli_ni_fi_mt "
    "supergen_mnli_synth scone_train"
).split()
ENDS = ".!?»\"”“…;"


def nli_pairs(cap=20_000):
    """Rows of all sets that may be trained on; the easy picture-caption sets are held down to `cap` each."""
    rows = []
    for name in NLI:
        limit = 12_000 if name.startswith("snli") else cap
        rows += [(p, h, LABELS[l], -1) for p, h, l in common.nli(name, limit) if len(p) + len(h) < 280]
    return rows


def glue(first, second, rng):
    """Two sentences as one text, in either order."""
    first, second = (first.rstrip(), second.rstrip()) if rng.random() < 0.5 else (second.rstrip(), first.rstrip())
    return (first if first[-1] in ENDS else first + ".") + " " + second


def group_pair(groups, rng):
    """A pair of one claim group (rarely of two); some sides carry a further sentence, as composite news sentences do."""
    group = rng.choice(groups)
    langs, draw = sorted(group["base"]), rng.random()
    a, b = rng.choice(langs), rng.choice(langs)
    kind_of = -1
    if draw < 0.30:
        side = rng.choice(["base", "contra", "neutral"])
        while a == b:
            b = rng.choice(langs)
        left, right, label = group[side][a], group[side][b], AGREEMENT
    elif draw < 0.64:
        left, right, label = group["base"][a], group["contra"][b], CONTRADICTION
        kind_of = TYPE_INDEX.get(group["type"], -1)
    elif draw < 0.90:
        left, right, label = group[rng.choice(["base", "contra"])][a], group["neutral"][b], UNRELATED
    else:
        other = rng.choice(groups)
        left, right, label = group["base"][a], in_lang(other, "base", b), UNRELATED if other is not group else AGREEMENT
    if rng.random() < 0.5:
        left, right, a, b = right, left, b, a
    if rng.random() < 0.3:
        other = rng.choice(groups)
        extra = group["neutral"][a] if label != UNRELATED and rng.random() < 0.6 else in_lang(other, rng.choice(["base", "neutral"]), a)
        if other is not group and extra != left:
            left = glue(left, extra, rng)
    if rng.random() < 0.15:
        other = rng.choice(groups)
        if other is not group:
            right = glue(right, in_lang(other, "neutral", b), rng)
    return left, right, label, kind_of


def in_lang(group, side, lang):
    return group[side].get(lang) or group[side]["en"]


def relation(says, other):
    """Relation of two sentences by the claims and variants they state, as in the gold of the sample corpus."""
    shared = set(says) & set(other)
    if not shared:
        return UNRELATED, None
    rival = sorted(c for c in shared if says[c] != other[c])
    return (CONTRADICTION, rival[0]) if rival else (AGREEMENT, None)


def event_pair(events, rng):
    """Two sentences of one event; relations are drawn first, so that all three are frequent; half of the unrelated pairs share words."""
    want = rng.choices([AGREEMENT, UNRELATED, CONTRADICTION], [0.28, 0.40, 0.32])[0]
    for _ in range(20):
        event = rng.choice(events)
        lang, says, text = rng.choice([l for l in event["lines"] if l[1]])
        found = []
        for other_lang, other, other_text in event["lines"]:
            if other_text != text and (other_lang != lang or rng.random() < 0.3):
                label, claim = relation(says, other)
                if label == want:
                    found.append((other_text, TYPE_INDEX.get(event["types"].get(claim), -1)))
        if found:
            if want == UNRELATED and rng.random() < 0.5:
                grams = {text[i : i + 5].lower() for i in range(len(text) - 4)}
                found = sorted(found, key=lambda f: -sum(f[0][i : i + 5].lower() in grams for i in range(len(f[0]) - 4)))[:6]
            other, kind = rng.choice(found)
            return (text, other, want, kind) if rng.random() < 0.5 else (other, text, want, kind)
    return None
