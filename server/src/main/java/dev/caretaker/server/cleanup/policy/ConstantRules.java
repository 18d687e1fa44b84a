package dev.caretaker.server.cleanup.policy;

import dev.caretaker.server.target.catalog.Column;
import java.math.BigDecimal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a constant can be compared with a column, and means there what it says: a value that Postgres would cut, round or
 * refuse is refused here.
 */
final class ConstantRules {
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern NUMERIC = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,4})?");
    private static final Pattern INET = Pattern.compile("([0-9a-fA-F.:]+)(?:/(\\d{1,3}))?");
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}");
    private static final int NAME_BYTES = 63;
    private static final int NUMERIC_CHARACTERS = 1_000;

    private ConstantRules() {}

    /**
     * One clause that says what would be right; empty if the constant fits.
     *
     * @param labels of the column's enum type; empty if it has another type
     */
    static Optional<String> objection(Column column, List<String> labels, Constant constant) {
        return objection(new Named(column.name(), column.baseType()), labels, constant);
    }

    /** The same of a column that is not in the catalog, of a type that is no enum. */
    static Optional<String> objection(String name, String baseType, Constant constant) {
        return objection(new Named(name, baseType), List.of(), constant);
    }

    /** A column by its name and its type, as format_type writes the base type without modifiers. */
    private record Named(String name, String baseType) {}

    private static Optional<String> objection(Named column, List<String> labels, Constant constant) {
        if (!labels.isEmpty()) {
            return enumLabel(column, labels, constant);
        }
        String text = constant.text();
        return switch (column.baseType()) {
            case "text", "character varying", "bpchar" ->
                require(isText(constant), column, "a string without the character NUL");
            case "name" ->
                require(
                        isText(constant) && text.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES,
                        column,
                        "a string of at most 63 bytes");
            case "uuid" ->
                require(isText(constant) && UUID.matcher(text).matches(), column, "a uuid string, written 8-4-4-4-12");
            case "inet" -> require(isText(constant) && isInet(text), column, "an IP address, optionally with /prefix");
            case "smallint" -> integer(column, constant, Short.MIN_VALUE, Short.MAX_VALUE);
            case "integer" -> integer(column, constant, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "bigint" -> integer(column, constant, Long.MIN_VALUE, Long.MAX_VALUE);
            case "oid" -> integer(column, constant, 0, 0xFFFF_FFFFL);
            case "numeric" -> require(isNumeric(constant), column, "an integer, or a number written out in a string");
            case "real", "double precision" -> floating(column, constant);
            case "boolean" -> require(constant.kind() == Constant.Kind.BOOL, column, "true or false");
            case "timestamp with time zone" ->
                require(constant.kind() == Constant.Kind.TIMESTAMP, column, "a timestamp");
            default ->
                Optional.of("cannot be used: type " + column.baseType() + " of column \"" + column.name()
                        + "\" is not supported in filters");
        };
    }

    private static Optional<String> enumLabel(Named column, List<String> labels, Constant constant) {
        return require(
                constant.kind() == Constant.Kind.STRING && labels.contains(constant.text()),
                column,
                "one of its labels: " + String.join(", ", labels));
    }

    private static Optional<String> integer(Named column, Constant constant, long least, long most) {
        boolean fits = constant.kind() == Constant.Kind.INT64;
        if (fits) {
            long value = Long.parseLong(constant.text());
            fits = value >= least && value <= most;
        }
        return require(fits, column, "an integer from " + least + " to " + most);
    }

    private static Optional<String> floating(Named column, Constant constant) {
        if (constant.kind() != Constant.Kind.DOUBLE) {
            return require(false, column, "a floating-point number");
        }
        double value = Double.parseDouble(constant.text());
        boolean fits = Double.isFinite(value)
                && (column.baseType().equals("double precision")
                        || value == 0
                        || (float) value != 0 && Float.isFinite((float) value));
        return require(fits, column, "a finite number within the type's range");
    }

    private static boolean isNumeric(Constant constant) {
        if (constant.kind() == Constant.Kind.INT64) {
            return true;
        }
        String text = constant.text();
        return constant.kind() == Constant.Kind.STRING
                && text.length() <= NUMERIC_CHARACTERS
                && NUMERIC.matcher(text).matches()
                && Math.abs((long) new BigDecimal(text).scale()) <= 16_383;
    }

    private static boolean isText(Constant constant) {
        return constant.kind() == Constant.Kind.STRING && constant.text().indexOf('\0') < 0;
    }

    private static boolean isInet(String text) {
        Matcher matcher = INET.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        String address = matcher.group(1);
        if (address.indexOf(':') < 0 && !IPV4.matcher(address).matches()) {
            return false;
        }
        int bits = address.indexOf(':') < 0 ? 32 : 128;
        try {
            InetAddress parsed = bits == 32 ? InetAddress.ofLiteral(address) : Inet6Address.ofLiteral(address);
            return parsed != null && (matcher.group(2) == null || Integer.parseInt(matcher.group(2)) <= bits);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Optional<String> require(boolean met, Named column, String what) {
        return met
                ? Optional.empty()
                : Optional.of("does not fit column \"" + column.name() + "\" of type " + column.baseType()
                        + ", which takes " + what);
    }
}
