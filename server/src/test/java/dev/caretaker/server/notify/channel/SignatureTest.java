package dev.caretaker.server.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.config.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqTwUPD8ELPZIo2LaLaSw";

    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    /** By {@code openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary | base64}. */
    private static final String SIGNATURE = "v1,ucwaM7dX6PIODxQgwzb/56SLflLHZLJYW1FySJv/iQQ=";

    @Test
    void it_is_what_others_compute() throws NotDeliveredException {
        assertThat(sign(SECRET)).isEqualTo(SIGNATURE);
    }

    @Test
    void while_secrets_change_there_is_one_by_each() throws NotDeliveredException {
        String other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assertThat(sign(other + "\n" + SECRET + "\n").split(" ")).hasSize(2).contains(SIGNATURE);
    }

    @Test
    void a_file_that_is_replaced_counts_from_the_next_message_on(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
        Signature signature = new Signature(new Secret.InFile("secret-file", file));
        assertThat(sign(signature)).isNotEqualTo(SIGNATURE);
        Files.writeString(file, SECRET + "\n");
        assertThat(sign(signature)).isEqualTo(SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "whsec_c2hvcnQ=", "whsec_!!", "whsec_", ""})
    void what_is_no_such_secret_is_told_without_telling_it(String secret) {
        assertThatThrownBy(() -> sign(secret))
                .isInstanceOf(NotDeliveredException.class)
                .hasMessageContaining("16 to 64 bytes")
                .hasMessageNotContaining("hunter2")
                .hasMessageNotContaining("c2hvcnQ");
    }

    private static String sign(String secret) throws NotDeliveredException {
        return sign(new Signature(new Secret.Text(secret)));
    }

    private static String sign(Signature signature) throws NotDeliveredException {
        return signature.of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, BODY);
    }
}
