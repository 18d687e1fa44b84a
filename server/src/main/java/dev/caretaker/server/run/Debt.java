package dev.caretaker.server.run;

import dev.caretaker.server.store.TableName;

/**
 * What a step is about to make at a target and that must not stay: an index half built, a pending detach, a CHECK that only
 * serves the step. {@linkplain StepContext#owe Written down} before it is made and {@linkplain StepContext#strike struck} when
 * the catalog shows that it is gone. Should the run end with it still open, in whatever way, then the run tells it, and any
 * server settles it as soon as the target can be reached.
 *
 * @param kind name of a {@link DebtKind}
 * @param object what must not stay, by the name it has or will have; one step owes an object once a kind
 * @param table table it concerns, for people and for the next run on that table, which settles it before anything else
 * @param fencedOid relation by whose fence the work on it is guarded: nobody settles it while another run has that fence
 * @param message one sentence for people, without "must" and "should": what may be there, and what follows as long as it is
 * @param details all that its kind needs to recognise it without doubt, such as oids: record of the kind's detail type
 */
public record Debt(String kind, TableName object, TableName table, long fencedOid, String message, Record details) {}
