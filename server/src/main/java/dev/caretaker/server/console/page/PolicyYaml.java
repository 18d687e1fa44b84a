package dev.caretaker.server.console.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.show.Spans;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.report.page.Show;
import dev.caretaker.v1.Policy;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A policy in YAML, with the fields of the API, and with spans of time as people write them: 90d rather than 7776000s.
 * {@code caretaker policies apply} reads it, too.
 */
final class PolicyYaml {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PolicyYaml() {}

    static String write(Policy policy) {
        Object fields = fields(policy);
        String text = yaml(true).dump(fields);
        boolean harmless = text.lines().allMatch(line -> Show.visible(line).equals(line));
        return harmless ? text : yaml(false).dump(fields);
    }

    /** The same as maps, lists and scalars; without when it was stored, and by whom. */
    static Object fields(Policy policy) {
        try {
            Policy own = policy.toBuilder().clearUpdateTime().clearUpdatedBy().build();
            return SpanFields.each(
                    JSON.readValue(JsonFormat.printer().print(own), Map.class),
                    Policy.getDescriptor(),
                    PolicyYaml::people);
        } catch (InvalidProtocolBufferException | JsonProcessingException e) {
            throw new IllegalStateException("a policy of the API cannot be written", e);
        }
    }

    /** @throws BadRequest with what is wrong with it, and where */
    static Policy read(String text) {
        try {
            if (!(yaml(true).load(text) instanceof Map<?, ?> fields)) {
                throw new BadRequest("A policy is a map of fields, such as name: orders-done.");
            }
            Policy.Builder policy = Policy.newBuilder();
            Object own = SpanFields.each(fields, Policy.getDescriptor(), PolicyYaml::api);
            JsonFormat.parser().merge(JSON.writeValueAsString(own), policy);
            return policy.build();
        } catch (MarkedYAMLException e) {
            throw new BadRequest("Line " + (e.getProblemMark().getLine() + 1) + " is no YAML: " + e.getProblem() + ".");
        } catch (YAMLException | JsonProcessingException e) {
            throw new BadRequest("It is no YAML: " + e.getMessage());
        } catch (InvalidProtocolBufferException e) {
            throw new BadRequest("It is no policy: " + e.getMessage());
        }
    }

    /** Of "7776000s", as the API's JSON has it. */
    private static String people(String seconds) {
        return Spans.read(seconds).map(Spans::write).orElse(seconds);
    }

    /** What is no span stays as it is, and is refused by name. */
    private static String api(String text) {
        return Spans.read(text).map(Moments::duration).map(Durations::toString).orElse(text);
    }

    /** @param unicode whether other letters are written as they are, else as escapes: where some of them would turn text around */
    private static Yaml yaml(boolean unicode) {
        DumperOptions dumper = new DumperOptions();
        dumper.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        dumper.setSplitLines(false);
        dumper.setAllowUnicode(unicode);
        LoaderOptions loader = new LoaderOptions();
        loader.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(loader), new Representer(dumper), dumper, loader, new Plain());
    }

    /** Moments are texts in the API's JSON, and stay so. */
    private static final class Plain extends Resolver {
        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
            Tag tag = super.resolve(kind, value, implicit);
            return tag.equals(Tag.TIMESTAMP) ? Tag.STR : tag;
        }
    }
}
