package dev.caretaker.server.detect;

import dev.caretaker.server.config.ChecksConfig;
import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.FieldViolation;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All checks: those that Caretaker brings, and those that the operator put into a folder. */
@Singleton
public class Checks {
    private final ChecksConfig config;
    private final SortedMap<String, Check> own = new TreeMap<>();

    /** Reads the checks of Caretaker; fails with ConfigException if the configuration names what does not exist. */
    public Checks(ChecksConfig config) {
        this.config = config;
        for (Check check : CheckFolder.builtIn(Checks.class.getResource("/checks"))) {
            own.put(check.id(), check);
        }
        verify(config);
    }

    /** A file in the operator's folder that is no check. */
    public record BrokenFile(String id, String reason) {}

    /**
     * The checks of this moment.
     *
     * @param byId by id, thresholds as configured
     * @param broken files that are no checks
     */
    public record Selection(SortedMap<String, Check> byId, List<BrokenFile> broken) {}

    /** Every check with the thresholds in force. The operator's folder is read anew each time. */
    public Selection all(Optional<String> target) {
        SortedMap<String, Check> byId = new TreeMap<>(own);
        List<BrokenFile> broken = new ArrayList<>();
        config.directory().ifPresent(directory -> {
            Selection custom = CheckFolder.custom(directory, own.keySet());
            byId.putAll(custom.byId());
            broken.addAll(custom.broken());
        });
        byId.replaceAll((id, check) -> configured(check, target));
        return new Selection(byId, broken);
    }

    /**
     * The checks of one detection with its own thresholds.
     *
     * @param ids empty means all that need not be asked for
     * @param thresholds values by {@code check.threshold}
     * @throws CaretakerException INVALID_FIELD for an unknown check or threshold, or a value that is no number
     */
    public Selection select(String target, List<String> ids, Map<String, String> thresholds) {
        Selection all = all(Optional.of(target));
        List<FieldViolation> violations = new ArrayList<>();
        SortedMap<String, Check> chosen = new TreeMap<>();
        all.byId().forEach((id, check) -> {
            if (ids.isEmpty() && !check.onRequest() && !config.disabled().contains(id)) {
                chosen.put(id, check);
            }
        });
        List<BrokenFile> broken = new ArrayList<>(ids.isEmpty() ? all.broken() : List.of());
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            Check check = all.byId().get(id);
            if (check != null) {
                chosen.put(id, check);
            } else if (!broken.addAll(
                    all.broken().stream().filter(file -> file.id().equals(id)).toList())) {
                violations.add(new FieldViolation("checks[" + i + "]", "there is no check \"" + id + "\""));
            }
        }
        thresholds.forEach((name, value) -> set(chosen, all.byId(), name, value)
                .ifPresent(problem -> violations.add(new FieldViolation("thresholds[" + name + "]", problem))));
        if (!violations.isEmpty()) {
            throw CaretakerException.invalid(violations);
        }
        return new Selection(chosen, broken);
    }

    /** Sets one threshold in {@code chosen}; returns what is wrong with it, if anything. */
    private static Optional<String> set(
            SortedMap<String, Check> chosen, SortedMap<String, Check> all, String name, String value) {
        int dot = name.lastIndexOf('.');
        Check check = dot < 0 ? null : all.get(name.substring(0, dot));
        if (check == null) {
            return Optional.of("there is no check of this name; write check.threshold");
        }
        String threshold = name.substring(dot + 1);
        if (check.thresholds().stream().noneMatch(one -> one.name().equals(threshold))) {
            return Optional.of("check " + check.id() + " has no threshold \"" + threshold + "\"");
        }
        try {
            Check current = chosen.getOrDefault(check.id(), check);
            Check changed = current.with(current.thresholds().stream()
                    .map(one -> one.name().equals(threshold) ? one.with(value) : one)
                    .toList());
            chosen.replace(check.id(), changed);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        }
    }

    private Check configured(Check check, Optional<String> target) {
        SortedMap<String, Check> one = new TreeMap<>(Map.of(check.id(), check));
        for (Threshold threshold : check.thresholds()) {
            String name = check.id() + "." + threshold.name();
            Object general = config.thresholds().get(name);
            Object value = target.map(t -> config.targets().getOrDefault(t + "." + name, ""))
                    .orElse("");
            Object chosen = value.equals("") ? general : value;
            if (chosen != null) {
                set(one, one, name, String.valueOf(chosen)).ifPresent(problem -> {
                    throw new ConfigException("caretaker.checks.thresholds." + name, problem);
                });
            }
        }
        return one.get(check.id());
    }

    /** What the configuration says of Caretaker's own checks is wrong at the start or never. */
    private void verify(ChecksConfig config) {
        own.values().forEach(check -> configured(check, Optional.empty()));
        config.targets().forEach((name, value) -> verify("caretaker.checks.targets." + name, afterDot(name), value));
        config.thresholds().forEach((name, value) -> verify("caretaker.checks.thresholds." + name, name, value));
        if (config.directory().isPresent()) {
            return;
        }
        for (String id : config.disabled()) {
            if (!own.containsKey(id)) {
                throw new ConfigException("caretaker.checks.disabled", "there is no check \"" + id + "\"");
            }
        }
    }

    private void verify(String key, String name, Object value) {
        boolean mayBeCustom = config.directory().isPresent() && !own.containsKey(name.replaceFirst("\\..*", ""));
        if (!mayBeCustom) {
            set(new TreeMap<>(own), own, name, String.valueOf(value)).ifPresent(problem -> {
                throw new ConfigException(key, problem);
            });
        }
    }

    private static String afterDot(String name) {
        return name.substring(name.indexOf('.') + 1);
    }
}
