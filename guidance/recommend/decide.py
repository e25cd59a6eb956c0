"""The decision: the first rule that holds, weighed against what a person's other jobs point to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from guidance.knowledge.model import Fact, Knowledge
from guidance.recommend.criteria import Criteria
from guidance.recommend.model import Rule, Sourced
from guidance.recommend.profile import Profile
from guidance.recommend.recommendation import Recommendation

TOPIC = "which_npq"
MOST_JOB_WORDS = 14  # three long names of jobs leave no room for the reason


def recommend(profile: Profile, knowledge: Knowledge, today: date) -> Recommendation:
    """Which programme suits the person, or which questions are still worth asking.

    The list of rules is in order of weight: with two jobs, the rule higher up decides and the other job's
    rule gives the alternative. Programmes that cannot be taken on that day, and those the person has, are
    never named as a choice.
    """
    return _Decider(profile, knowledge, today).decide()


class _Decider:
    def __init__(self, profile: Profile, knowledge: Knowledge, today: date) -> None:
        self.criteria: Criteria = knowledge.recommend
        self.knowledge = knowledge
        self.said = profile
        known = tuple(role for role in profile.roles if role in knowledge.roles)
        self.profile = self.criteria.plain(replace(profile, roles=known))
        self.held = self.criteria.held(profile)
        self.taken = {
            item.code for item in knowledge.current_programmes() if not (item.valid_from and item.valid_from > today)
        } - self.held

    def decide(self) -> Recommendation:
        rule = next(self.criteria.matching(self.profile))  # the last rule catches all
        needs = self.criteria.unanswered(rule, self.profile)
        if needs:
            asks = tuple(self.criteria.questions[name] for name in needs)
            return Recommendation(needs=needs, asks=asks, rules=(rule.id,), roles=self.profile.roles)
        rule = next((item for item in self.criteria.matching(self.profile) if self._leaves_some(item)), rule)
        other = self._other(rule)
        decision = self._from(rule)
        if other:
            decision = self._weighed(decision, rule, other)
        elif len(self._mine(rule)) > 1:
            decision = replace(decision, weighing=self._named(rule, self._mine(rule), bool(rule.when.also)))
        return self._finished(decision, rule, other)

    def _leaves_some(self, rule: Rule) -> bool:
        """Whether a rule about the person's jobs or aims names something they can take (or says there is nothing)."""
        about_them = rule.when.role or rule.when.aim or not (self.profile.roles or self.profile.aims)
        return bool(about_them) and (rule.first is None or bool({rule.first, rule.alternative} & self.taken))

    def _from(self, rule: Rule) -> Recommendation:
        first, why = rule.first, rule.why
        alternative, why_alternative = rule.alternative, rule.why_alternative
        if first and first not in self.taken:
            first, why, alternative, why_alternative = self._instead(rule)
        if alternative not in self.taken:
            alternative, why_alternative = None, ""
        return Recommendation(
            first=first,
            alternative=alternative,
            why=why,
            why_alternative=why_alternative,
            why_not=tuple(rule.why_not.items()),
            decides=rule.decides if alternative else "",
            rules=(rule.id,),
            roles=self.profile.roles,
        )

    def _instead(self, rule: Rule) -> tuple[str | None, str, None, str]:
        """The alternative as the first choice, or nothing, where the first choice cannot be taken (again)."""
        data = self.criteria.data
        held = self._held(rule.first or "")
        if rule.alternative not in self.taken:
            return None, f"{held} {data.wording.nothing}".strip(), None, ""
        fit = data.otherwise.get(rule.alternative or "")
        return rule.alternative, f"{held} {fit.text if fit else rule.why_alternative}".strip(), None, ""

    def _other(self, rule: Rule) -> Rule | None:
        """The rule for the jobs, or else the aims, which the deciding rule did not look at."""
        if not (rule.when.role or rule.when.aim):
            return None
        jobs = tuple(role for role in self.profile.roles if role not in self._mine(rule))
        if set(jobs) - set(self.criteria.data.general):
            alone = replace(self.profile, roles=jobs, aims=())
            return next((item for item in self.criteria.matching(alone) if item.when.role), None)
        if rule.when.aim or jobs or not self.profile.roles:
            return None
        alone = replace(self.profile, roles=())
        return next((item for item in self.criteria.matching(alone) if item.when.aim), None)

    def _weighed(self, decision: Recommendation, rule: Rule, other: Rule) -> Recommendation:
        """The decision with the other job taken into account, named, and its programme as the alternative."""
        wording = self.criteria.data.wording
        mine = self._mine(rule)
        others = [role for role in self.profile.roles if role not in mine]
        same = other.first == decision.first
        if mine and others:
            decision = replace(decision, weighing=self._named(rule, [*mine, *others], not same))
        else:
            aim = self._aim(rule if others else other)
            named = wording.job_and_aim.format(job=self._spoken((others or mine)[0]), aim=aim)
            because = wording.same_way if same else rule.prevails or wording.either
            decision = replace(decision, weighing=f"{named} {because}")
        if same or other.first is None or other.first not in self.taken:
            return decision
        facts = (*decision.rules, other.id)
        return replace(decision, alternative=other.first, why_alternative=other.why, rules=facts, decides="")

    def _finished(self, decision: Recommendation, rule: Rule, other: Rule | None) -> Recommendation:
        """With why-nots for what they are thinking of, sources, and the words that open each part."""
        wording = self.criteria.data.wording
        used = [item for item in (rule, other) if item and item.id in decision.rules]
        facts = [_fact(f"recommend.{item.id}", item.why, item) for item in used]
        why_not, further = self._why_not(decision)
        first, alternative = decision.first, decision.alternative
        return replace(
            decision,
            why_not=tuple(why_not.items()),
            facts=(*facts, *further),
            opening=wording.first.format(programme=self._name(first)) if first else "",
            turning=wording.alternative.format(programme=self._name(alternative)) if alternative else "",
        )

    def _why_not(self, decision: Recommendation) -> tuple[dict[str, str], list[Fact]]:
        """Why not what they are thinking of, then the rule's neighbours, then what they have; with further sources."""
        texts, facts = dict(decision.why_not), []
        found: dict[str, str] = {}
        for code in (*self.said.programmes, *texts, *sorted(self.held)):
            if code in decision.programmes or code in found:
                continue
            fit = self.criteria.data.otherwise.get(code)
            held = self._held(code)
            if held:
                found |= {} if held in decision.why else {code: held}
            elif code in texts:
                found[code] = texts[code]
            elif fit:
                found[code] = fit.text
                facts.append(_fact(f"recommend.not.{code.lower()}", fit.text, fit))
        return found, facts

    def _mine(self, rule: Rule) -> list[str]:
        """The person's jobs that the rule is about."""
        return [role for role in self.profile.roles if role in rule.when.role or role in rule.when.also]

    def _named(self, rule: Rule, jobs: list[str], differ: bool) -> str:
        """The jobs in words, and which of them decides where they point to different courses."""
        wording = self.criteria.data.wording
        spoken = list(dict.fromkeys(map(self._spoken, jobs)))[:3]
        if len(" and ".join(spoken).split()) > MOST_JOB_WORDS:
            spoken = spoken[:2]
        if len(spoken) < 2:
            return ""
        because = rule.prevails or wording.either if differ else wording.same_way
        return f"{wording.two_jobs.format(jobs=' and '.join(spoken))} {because}"

    def _held(self, code: str) -> str:
        return self.criteria.data.wording.held.format(programme=self._label(code)) if code in self.held else ""

    def _spoken(self, role: str) -> str:
        return self.criteria.data.spoken.get(role) or self.knowledge.roles[role].name.lower()

    def _aim(self, rule: Rule) -> str:
        names = {aim.id: aim.name for aim in self.criteria.data.aims}
        return next(names[aim] for aim in self.profile.aims if aim in rule.when.aim)

    def _label(self, code: str) -> str:
        return self.knowledge.programmes[code].label

    def _name(self, code: str) -> str:
        programme = self.knowledge.programmes[code]
        return programme.title if programme.group == "coaching" else f"{programme.name} ({programme.label})"


def _fact(identity: str, text: str, record: Sourced) -> Fact:
    return Fact(
        id=identity,
        topic=TOPIC,
        text=text,
        source=record.source,
        as_of=record.as_of,
        certainty=record.certainty,
    )
