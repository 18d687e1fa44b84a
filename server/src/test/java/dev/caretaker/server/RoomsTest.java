package dev.caretaker.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The rooms of the house, and the arrows between them: console → http → api → features → run → target, store → config; error lies below. */
@AnalyzeClasses(packages = "dev.caretaker.server", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
    private static final String HOUSE = "dev.caretaker.server";
    private static final List<String> FEATURES =
            List.of("cleanup", "partition", "vacuum", "reindex", "detect", "backup");

    /** What starts the others: it may look into every feature. */
    private static final List<String> CONDUCTORS = List.of("routine", "schedule", "report");

    /** What lies below the features, each with what it may know. */
    private static final List<String> FOUNDATIONS =
            List.of("archive", "notify", "trace", "run", "target", "store", "config", "error");

    @ArchTest
    static final ArchRule every_class_has_its_room = classes()
            .should()
            .resideInAnyPackage(Stream.of(
                            Stream.of(HOUSE, room("console"), room("http"), room("api"), room("demo")),
                            Stream.of(FEATURES, CONDUCTORS, FOUNDATIONS)
                                    .flatMap(List::stream)
                                    .map(RoomsTest::room))
                    .flatMap(rooms -> rooms)
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule nothing_looks_into_the_api_or_the_demo = noClasses()
            .that()
            .resideOutsideOfPackages(room("console"), room("http"), room("api"), room("demo"), HOUSE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(room("api"), room("demo"));

    @ArchTest
    static final ArchRule nothing_looks_into_the_http_port = noClasses()
            .that()
            .resideOutsideOfPackages(room("console"), room("http"), room("demo"), HOUSE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(room("http"));

    @ArchTest
    static final ArchRule nothing_looks_into_the_console = noClasses()
            .that()
            .resideOutsideOfPackage(room("console"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(room("console"));

    /** Beside the words and figures that reports use, too. */
    @ArchTest
    static final ArchRule the_console_asks_the_api_and_no_bean_beside_it =
            only("console", "console", "http", "api.connect", "api.security", "config", "report.page");

    @ArchTest
    static void features_do_not_know_each_other(JavaClasses house) {
        for (String feature : FEATURES) {
            String[] others = Stream.concat(FEATURES.stream(), CONDUCTORS.stream())
                    .filter(other -> !other.equals(feature))
                    .map(RoomsTest::room)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(room(feature))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .allowEmptyShould(true)
                    .check(house);
        }
    }

    @ArchTest
    static final ArchRule archive_knows_only_what_lies_below =
            only("archive", "archive", "run", "target", "store", "config", "error");

    @ArchTest
    static final ArchRule notify_knows_only_what_lies_below =
            only("notify", "notify", "run", "target", "store", "config", "error");

    @ArchTest
    static final ArchRule trace_knows_only_what_lies_below =
            only("trace", "trace", "run", "target", "store", "config", "error");

    @ArchTest
    static final ArchRule only_trace_knows_OpenTelemetry = noClasses()
            .that()
            .resideOutsideOfPackage(room("trace"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule run_knows_only_what_lies_below = only("run", "run", "target", "store", "config", "error");

    @ArchTest
    static final ArchRule the_engine_is_known_to_nothing_outside = noClasses()
            .that()
            .resideOutsideOfPackage(room("run.engine"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(room("run.engine"));

    @ArchTest
    static final ArchRule target_knows_only_what_lies_below = only("target", "target", "store", "config", "error");

    @ArchTest
    static final ArchRule store_knows_only_what_lies_below = only("store", "store", "config", "error");

    @ArchTest
    static final ArchRule config_stands_alone = only("config", "config", "error");

    @ArchTest
    static final ArchRule error_stands_alone = only("error", "error");

    @ArchTest
    static final ArchRule only_the_api_speaks_gRPC = noClasses()
            .that(not(resideInAnyPackage(room("api"), room("console"), room("demo"))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "dev.caretaker.v1..");

    @ArchTest
    static final ArchRule rooms_do_not_go_round_in_circles =
            slices().matching(HOUSE + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule planning_goes_from_facts_to_choices_to_warnings = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("kept")
            .definedBy(HOUSE + ".cleanup.plan.kept")
            .layer("facts")
            .definedBy(HOUSE + ".cleanup.plan.facts")
            .layer("choice")
            .definedBy(HOUSE + ".cleanup.plan.choice")
            .layer("warn")
            .definedBy(HOUSE + ".cleanup.plan.warn")
            .layer("plan")
            .definedBy(HOUSE + ".cleanup.plan")
            .whereLayer("plan")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("warn")
            .mayOnlyBeAccessedByLayers("plan")
            .whereLayer("choice")
            .mayOnlyBeAccessedByLayers("plan", "warn")
            .whereLayer("facts")
            .mayOnlyBeAccessedByLayers("plan", "warn", "choice");

    private static ArchRule only(String room, String... allowed) {
        String[] rooms = Arrays.stream(allowed).map(RoomsTest::room).toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(room(room))
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(HOUSE + "..")).or(resideInAnyPackage(rooms)));
    }

    private static String room(String name) {
        return HOUSE + "." + name + "..";
    }
}
