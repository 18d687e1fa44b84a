package dev.caretaker.cli.policies;

/** The form of policy files, as shown by the help of {@code policies apply}. */
final class PolicyFileExample {
    static final String TEXT = """
            policies:
              - name: occurrences-completed
                target: shop
                # Exact names. With dots in them: {schema: my.schema, name: my.table}
                table: public.JobOccurrences
                # Also timestamp and date, with the zone to read them in ({...,
                # zone: Europe/Berlin}), epoch-seconds, epoch-millis, epoch-micros
                # and uuid-v7.
                timeColumn: {name: EndTime, kind: timestamptz}
                # 7 times 24 hours; or on the calendar: 3 months in Europe/Berlin
                keep: 7d
                # A list means IN, null means IS NULL. In full: {and: [...]},
                # {or: [...]}, {not: ...}, {column: Size, op: ">=", value: 10},
                # {column: Kind, in: [a, b]}, {column: Kind, is: null},
                # and for timestamps {timestamp: 2025-01-31T12:00:00Z}.
                where: {Status: 2, Kind: [a, b]}
                # From here on this is what holds when left out.
                action: delete
                allowCascade: false  # true, or a list: [public.JobLogs]
                skipPinned: false
                followUp: auto     # a vacuum afterwards: auto, never, always
                # {maxRows: 1000000, maxFraction: 0.5, deadline: 1h,
                #  window: "22:00-05:00 Europe/Berlin"}
                limits: {}
                # countBy: Status    # kept in the growth history: rows by its values
            """;

    private PolicyFileExample() {}
}
