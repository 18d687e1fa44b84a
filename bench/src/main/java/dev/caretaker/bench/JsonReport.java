package dev.caretaker.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes every round for programs. */
final class JsonReport {
    // A figure that could not be measured is left out.
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private JsonReport() {}

    static void write(Path file, Map<String, String> environment, Results results, List<Goal> goals) {
        JsonObject report = new JsonObject();
        report.add("environment", GSON.toJsonTree(environment));
        JsonArray rounds = new JsonArray();
        results.all().forEach(measurement -> rounds.add(json(measurement)));
        report.add("rounds", rounds);
        JsonArray targets = new JsonArray();
        goals.forEach(goal -> targets.add(json(goal)));
        report.add("goals", targets);
        try (Writer writer = Files.newBufferedWriter(file)) {
            GSON.toJson(report, writer);
            writer.write('\n');
        } catch (IOException e) {
            throw new BenchException("cannot write " + file, e);
        }
    }

    private static JsonObject json(Measurement measurement) {
        JsonObject json = new JsonObject();
        json.addProperty("round", measurement.round());
        json.addProperty("scenario", measurement.scenario().key());
        json.addProperty("contender", measurement.contender());
        json.addProperty("seconds", measurement.seconds());
        json.addProperty("wal_bytes", measurement.walBytes());
        json.addProperty("rows_before", measurement.rowsBefore());
        json.addProperty("rows_deleted", measurement.rowsDeleted());
        json.addProperty("remaining_hash", measurement.remainder().hash());
        Contender.Details details = measurement.work().details();
        if (details != Contender.Details.NONE) {
            json.addProperty("mechanism", details.mechanism());
            json.add("batch_millis", GSON.toJsonTree(details.batches()));
            add(json, "slowdown", details.course().slowdown());
            json.add("rates_by_tenth", GSON.toJsonTree(details.course().rates()));
            if (details.course() != Course.NONE) {
                json.add("resident_bytes", GSON.toJsonTree(details.course().resident()));
            }
        }
        return json;
    }

    private static JsonObject json(Goal goal) {
        JsonObject json = new JsonObject();
        json.addProperty("what", goal.what());
        add(json, "value", goal.value());
        goal.spread().ifPresent(spread -> {
            add(json, "least", spread.least());
            add(json, "most", spread.most());
        });
        json.addProperty(goal.atMost() ? "at_most" : "at_least", goal.limit());
        json.addProperty("met", goal.met());
        return json;
    }

    private static void add(JsonObject json, String name, double value) {
        if (!Double.isNaN(value)) {
            json.addProperty(name, value);
        }
    }
}
