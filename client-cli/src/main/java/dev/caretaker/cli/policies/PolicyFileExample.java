package dev.caretaker.cli.policies;

/** The form of policy files, as shown by the help of {@code policies apply}. */
final class PolicyFileExample {
    static final String TEXT = """
            policies:
              - name: occurrences-completed
                target: shop
                table: public.JobOccurrences      # exact names; with dots in them: {schema: …, name: …}
                timeColumn: {name: EndTime, kind: timestamptz}
                                                  # timestamp and date need a zone: {…, zone: Europe/Berlin};
                                                  # epoch-seconds, epoch-millis, epoch-micros, uuid-v7
                keep: 7d                          # 7 times 24 hours; or: 3 months in Europe/Berlin
                where: {Status: 2, Kind: [a, b]}  # lists mean IN, null means IS NULL; in full:
                                                  # {and: [{column: Size, op: ">=", value: 10}, {not: {…}}]}
                                                  # and, or, not; {column, in: […]}; {column, is: null};
                                                  # value: {timestamp: 2025-01-31T12:00:00Z}
                action: delete                    # from here on, what holds when left out
                allowCascade: false
                skipPinned: false
                followUp: auto                    # vacuum afterwards: auto, never, always
                limits: {}                        # {maxRows: 1000000, maxFraction: 0.5, deadline: 1h,
                                                  #  window: "22:00-05:00 Europe/Berlin"}
            """;

    private PolicyFileExample() {}
}
