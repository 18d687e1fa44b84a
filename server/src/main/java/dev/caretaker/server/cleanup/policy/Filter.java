package dev.caretaker.server.cleanup.policy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** A predicate over columns of a table. SQL's three-valued logic holds: a row passes only if TRUE. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Filter.And.class, name = "and"),
    @JsonSubTypes.Type(value = Filter.Or.class, name = "or"),
    @JsonSubTypes.Type(value = Filter.Not.class, name = "not"),
    @JsonSubTypes.Type(value = Filter.Compare.class, name = "compare"),
    @JsonSubTypes.Type(value = Filter.In.class, name = "in"),
    @JsonSubTypes.Type(value = Filter.IsNull.class, name = "is-null")
})
public sealed interface Filter {

    record And(List<Filter> filters) implements Filter {}

    record Or(List<Filter> filters) implements Filter {}

    record Not(Filter filter) implements Filter {}

    record Compare(String column, Operator operator, Constant value) implements Filter {}

    record In(String column, List<Constant> values) implements Filter {}

    record IsNull(String column) implements Filter {}

    /** Comparison operators of SQL. */
    enum Operator {
        EQUAL("="),
        NOT_EQUAL("<>"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String sql;

        Operator(String sql) {
            this.sql = sql;
        }

        public String sql() {
            return sql;
        }
    }
}
