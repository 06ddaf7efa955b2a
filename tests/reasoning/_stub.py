import sys, types
from legtwitch.model import Truth, Quantity


class FindingSet:
    def __init__(self, findings, knowledge, *, date=None, complete_lists=frozenset()):
        self.f = tuple(findings)
        self.findings = self.f
        self.knowledge = knowledge
        self.date = date

    def entries(self, ref):
        return tuple(x for x in self.f if x.id == ref)

    def asked(self, ref):
        return bool(self.entries(ref))

    def known(self, ref):
        return any(x.value != "unknown" for x in self.entries(ref))

    def state(self, ref, where=None, region=None):
        ids = {ref}
        for m in self.knowledge.vocabulary.medications:
            if ref in self.knowledge.vocabulary.classes_of(m):
                ids.add(m)
        es = [x for x in self.f if x.id in ids]

        def ok(x):
            return all(x.attributes.get(k, x.by if k == "by" else None) == v for k, v in (where or {}).items()) and (
                region is None or x.attributes.get("region") == region
            )

        if any(x.value == "present" and ok(x) for x in es):
            return Truth.TRUE
        if any(x.value == "absent" and not x.attributes for x in es):
            return Truth.FALSE
        if any(x.value == "absent" and ok(x) for x in es):
            return Truth.FALSE
        return Truth.UNKNOWN

    def quantity(self, ref):
        es = [x for x in self.entries(ref) if isinstance(x.value, Quantity)]
        es.sort(key=lambda x: str(x.date))
        return es[-1].value if es else None

    def chosen(self, ref):
        es = [x for x in self.entries(ref)]
        for x in es:
            if isinstance(x.value, tuple):
                return x.value
            if x.value == "absent":
                return ()
        return None

    def since(self, ref):
        return next((x.since for x in self.entries(ref) if x.since), None)


m = types.ModuleType("legtwitch.findings")
m.FindingSet = FindingSet
m.findings_from_labs = lambda labs, k: ()
sys.modules["legtwitch.findings"] = m
