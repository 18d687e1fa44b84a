package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.ListenConfig;
import dev.caretaker.server.config.Secret;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.store.Sha256;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.v1.CheckTargetRequest;
import dev.caretaker.v1.DetectIssuesRequest;
import dev.caretaker.v1.Finding;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceBlockingStub;
import dev.caretaker.v1.TargetProblem;
import dev.caretaker.v1.TargetProblemCode;
import dev.caretaker.v1.TargetServiceGrpc;
import dev.caretaker.v1.TargetServiceGrpc.TargetServiceBlockingStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that the configuration names, and that become bad while the server runs. */
class ConfigurationFilesTest {
    private static final String PASSWORD_KEY = "caretaker.targets.shop.password-file";

    @TempDir
    Path folder;

    private MaintenanceServiceBlockingStub maintenance;
    private TargetServiceBlockingStub targets;

    @Test
    void they_are_findings_until_they_are_mended() throws Exception {
        String line = "ci: " + HexFormat.of().formatHex(Sha256.of("token")) + "\n";
        Path tokens = Files.writeString(folder.resolve("tokens"), line);
        TestPostgres.Database shop = TestPostgres.newest().database();
        Path password = Files.writeString(folder.resolve("password"), shop.password());
        TargetConfig target = TargetConfig.of(
                "shop",
                shop.url(),
                new Credentials(Optional.of(shop.user()), Optional.of(new Secret.InFile(PASSWORD_KEY, password))));
        var listen = new ListenConfig("127.0.0.1", 0, Optional.empty(), Optional.of(tokens), false);
        try (ApiServer server = ApiServer.start(listen, target)) {
            Bearer bearer = new Bearer("token");
            maintenance =
                    MaintenanceServiceGrpc.newBlockingStub(server.channel()).withCallCredentials(bearer);
            targets = TargetServiceGrpc.newBlockingStub(server.channel()).withCallCredentials(bearer);
            assertThat(findings()).isEmpty();

            Files.writeString(tokens, line + "not a token\n");
            assertThat(findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.getObject()).isEqualTo("caretaker.listen.tokens-file"))
                    .satisfies(finding -> assertThat(finding.getMessage()).contains("line 2 of " + tokens));
            Files.writeString(tokens, line);
            assertThat(findings()).isEmpty();

            Files.delete(password);
            assertThat(server.bean(ConfigurationKnowledge.class).badFiles("shop"))
                    .singleElement()
                    .satisfies(bad -> assertThat(bad.key()).isEqualTo(PASSWORD_KEY))
                    .satisfies(bad -> assertThat(bad.problem())
                            .isEqualTo("cannot read " + password
                                    + ": there is no such file, so new connections to this target fail"));
            assertThat(problems())
                    .filteredOn(problem -> problem.getCode() == TargetProblemCode.TARGET_PROBLEM_CODE_UNREACHABLE)
                    .extracting(TargetProblem::getMessage)
                    .containsExactly("Target shop cannot be reached: " + PASSWORD_KEY + ": cannot read " + password
                            + ": there is no such file.");
            Files.writeString(password, shop.password());
            assertThat(problems())
                    .noneMatch(problem -> problem.getCode() == TargetProblemCode.TARGET_PROBLEM_CODE_UNREACHABLE);
        }
    }

    private List<Finding> findings() {
        return maintenance
                .detectIssues(DetectIssuesRequest.newBuilder()
                        .setTarget("shop")
                        .addChecks("configuration-file")
                        .build())
                .getFindingsList();
    }

    private List<TargetProblem> problems() {
        return targets.checkTarget(
                        CheckTargetRequest.newBuilder().setTarget("shop").build())
                .getCheck()
                .getProblemsList();
    }
}
