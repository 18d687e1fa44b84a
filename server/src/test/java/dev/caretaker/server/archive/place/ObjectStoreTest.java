package dev.caretaker.server.archive.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caretaker.server.archive.place.FakeS3.Kind;
import dev.caretaker.server.archive.place.ObjectStore.Found;
import dev.caretaker.server.config.DestinationConfig;
import dev.caretaker.server.config.Secret;
import dev.caretaker.server.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
    @TempDir
    private Path temp;

    /** What every store does. */
    abstract class Any {
        abstract ObjectStore store();

        private boolean put(String key, String text) throws IOException {
            return put(key, text.getBytes(StandardCharsets.UTF_8));
        }

        boolean put(String key, byte[] bytes) throws IOException {
            Path file = Files.write(temp.resolve("file"), bytes);
            return store().putIfAbsent(key, file, bytes.length, Sha256.hex(Sha256.of(bytes), 32));
        }

        byte[] get(String key) throws IOException {
            try (InputStream in = store().get(key)) {
                return in.readAllBytes();
            }
        }

        @Test
        void what_is_put_is_found_read_listed_and_removed() throws IOException {
            assertThat(put("a/b/one", "1")).isTrue();
            assertThat(put("a/b/two", "22")).isTrue();
            assertThat(put("a/c", "333")).isTrue();
            assertThat(store().head("a/b/two")).map(Found::bytes).contains(2L);
            assertThat(store().head("a/b")).isEmpty();
            assertThat(store().head("a/b/three")).isEmpty();
            assertThat(get("a/c")).asString().isEqualTo("333");
            assertThat(store().list("a/b/", "", 10)).extracting(Found::key).containsExactly("a/b/one", "a/b/two");
            assertThat(store().list("a/", "a/b/one", 1)).extracting(Found::key).containsExactly("a/b/two");
            assertThat(store().list("z/", "", 10)).isEmpty();
            store().delete("a/b/one");
            store().delete("a/b/one");
            assertThat(store().list("", "", 10)).extracting(Found::key).containsExactly("a/b/two", "a/c");
        }

        @Test
        void nothing_is_overwritten() throws IOException {
            assertThat(put("a/one", "first")).isTrue();
            assertThat(put("a/one", "other")).isFalse();
            assertThat(get("a/one")).asString().isEqualTo("first");
        }

        @Test
        void only_the_bytes_that_count_are_put() throws IOException {
            Path file = Files.writeString(temp.resolve("long"), "counts and does not");
            store().putIfAbsent("a/one", file, 6, Sha256.hex(Sha256.of("counts"), 32));
            assertThat(get("a/one")).asString().isEqualTo("counts");
        }

        @Test
        void a_whole_file_is_taken_and_outlives_its_own_name() throws IOException {
            assertThat(take("a/one", "first")).isTrue();
            Files.delete(temp.resolve("whole"));
            assertThat(take("a/one", "other")).isFalse();
            assertThat(get("a/one")).asString().isEqualTo("first");
            assertThat(store().list("", "", 10)).extracting(Found::key).containsExactly("a/one");
        }

        boolean take(String key, String text) throws IOException {
            Path file = Files.writeString(temp.resolve("whole"), text);
            return store().takeIfAbsent(key, file, text.length(), Sha256.hex(Sha256.of(text), 32));
        }

        @Test
        void what_is_not_there_is_no_such_file() {
            assertThatThrownBy(() -> get("a/none")).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Nested
    class Directory extends Any {
        private Path root;
        private ObjectStore store;

        @BeforeEach
        void make() throws IOException {
            root = Files.createDirectories(temp.resolve("archives"));
            store = new DirectoryStore(root);
        }

        @Override
        ObjectStore store() {
            return store;
        }

        @Test
        void a_folder_that_is_not_there_is_not_made() throws IOException {
            Files.delete(root);
            assertThatThrownBy(() -> put("a/one", new byte[1])).isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> store.head("a/one")).isInstanceOf(StoreException.class);
            assertThatThrownBy(() -> store.list("", "", 1)).isInstanceOf(StoreException.class);
            assertThat(root).doesNotExist();
        }

        @Test
        void a_whole_file_on_the_same_disk_is_not_copied() throws IOException {
            take("a/one", "whole");
            assertThat(Files.isSameFile(root.resolve("a/one"), temp.resolve("whole")))
                    .isTrue();
            put("a/two", new byte[4]);
            assertThat(Files.isSameFile(root.resolve("a/two"), temp.resolve("file")))
                    .isFalse();
        }

        @Test
        void a_whole_file_with_other_rights_than_those_of_the_folder_is_copied() throws IOException {
            Path file = Files.writeString(temp.resolve("private"), "whole");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            assertThat(store.takeIfAbsent("a/one", file, 5, "")).isTrue();
            assertThat(Files.isSameFile(root.resolve("a/one"), file)).isFalse();
            assertThat(get("a/one")).asString().isEqualTo("whole");
            assertThat(root.resolve("a")).isDirectoryNotContaining("glob:**/.unfinished-*");
        }

        @Test
        void a_whole_file_that_is_taken_came_when_it_was_put() throws IOException {
            Path file = Files.writeString(temp.resolve("old"), "whole");
            Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
            Instant before = Instant.now().minusSeconds(5);
            store.takeIfAbsent("a/one", file, 5, "");
            assertThat(store.head("a/one").map(Found::changed))
                    .hasValueSatisfying(changed -> assertThat(changed).isAfter(before));
        }

        @Test
        void a_whole_file_of_another_disk_is_copied() throws IOException {
            Path memory = Path.of("/dev/shm");
            assumeTrue(Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(root)));
            Path file = Files.createTempFile(memory, "caretaker-", "");
            try {
                Files.writeString(file, "whole");
                assertThat(store.takeIfAbsent("a/one", file, 5, "")).isTrue();
            } finally {
                Files.delete(file);
            }
            assertThat(get("a/one")).asString().isEqualTo("whole");
        }

        @Test
        void a_file_that_is_longer_than_was_said_is_not_taken() throws IOException {
            Path file = Files.writeString(temp.resolve("long"), "counts and does not");
            assertThatThrownBy(() -> store.takeIfAbsent("a/one", file, 6, ""))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("6 bytes");
            assertThat(store.head("a/one")).isEmpty();
        }

        @Test
        void where_the_folder_is_not_there_no_object_is_said_to_be_missing() throws IOException {
            put("a/one", new byte[1]);
            Files.move(root, temp.resolve("elsewhere"));
            assertThatThrownBy(() -> get("a/one"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(root.toString());
        }

        @Test
        void no_key_leads_out_of_the_folder() {
            for (String key : List.of("../one", "a/../../one", "/etc/one")) {
                assertThatThrownBy(() -> put(key, new byte[1])).isInstanceOf(IllegalArgumentException.class);
            }
        }

        @Test
        void what_a_crash_left_is_no_object_and_is_swept_when_it_is_old() throws IOException {
            put("a/one", new byte[1]);
            Files.writeString(root.resolve("a/.unfinished-1"), "half");
            assertThat(store.list("", "", 10)).extracting(Found::key).containsExactly("a/one");
            assertThat(store.sweepUnfinished("a/", Instant.now().minusSeconds(60)))
                    .isZero();
            assertThat(store.sweepUnfinished("a/", Instant.now().plusSeconds(60)))
                    .isOne();
            assertThat(root.resolve("a/.unfinished-1")).doesNotExist();
        }
    }

    @Nested
    class Bucket extends Any {
        private FakeS3 s3;
        private ObjectStore store;

        @BeforeEach
        void start() throws IOException {
            s3 = new FakeS3();
            store = open(true, true);
        }

        private ObjectStore open(boolean checksums, boolean conditional) {
            return open(checksums, conditional, Optional.empty());
        }

        private ObjectStore open(
                boolean checksums, boolean conditional, Optional<DestinationConfig.S3.Encryption> encryption) {
            return new S3Store(new DestinationConfig.S3(
                    "cold",
                    "bucket",
                    "pre/",
                    "eu-central-1",
                    Optional.of(s3.endpoint()),
                    true,
                    Optional.of(new DestinationConfig.S3.Keys(
                            new Secret.Text("key"), new Secret.Text("secret"), Optional.empty())),
                    checksums,
                    conditional,
                    5 << 20,
                    encryption));
        }

        @Test
        void each_object_is_put_with_the_encryption_that_the_configuration_says() throws IOException {
            String algorithm = "x-amz-server-side-encryption";
            s3.takeOnly(Map.of(algorithm, "aws:kms", algorithm + "-aws-kms-key-id", "key-1"));
            assertThatThrownBy(() -> put("a/one", new byte[100])).hasMessageContaining("AccessDenied");
            assertThatThrownBy(() -> put("a/large", large())).hasMessageContaining("AccessDenied");
            assertThatThrownBy(() -> store.requireWritable()).hasMessageContaining("AccessDenied");
            store.close();
            store = open(true, true, Optional.of(new DestinationConfig.S3.Encryption("aws:kms", Optional.of("key-1"))));
            store.requireWritable();
            assertThat(put("a/one", new byte[100])).isTrue();
            byte[] bytes = large();
            assertThat(put("a/large", bytes)).isTrue();
            assertThat(get("a/large")).isEqualTo(bytes);
            store.close();
            s3.takeOnly(Map.of(algorithm, "AES256"));
            store = open(false, false, Optional.of(new DestinationConfig.S3.Encryption("AES256", Optional.empty())));
            assertThat(put("a/two", new byte[100])).isTrue();
        }

        @AfterEach
        void stop() {
            store.close();
            s3.close();
        }

        @Override
        ObjectStore store() {
            return store;
        }

        private byte[] large() {
            byte[] bytes = new byte[12 << 20];
            new Random(1).nextBytes(bytes);
            return bytes;
        }

        @Test
        void large_objects_go_in_parts_and_come_back_whole() throws IOException {
            byte[] bytes = large();
            assertThat(put("a/large", bytes)).isTrue();
            assertThat(s3.log()).filteredOn(line -> line.contains("partNumber")).hasSize(3);
            assertThat(get("a/large")).isEqualTo(bytes);
            assertThat(store.head("a/large").flatMap(Found::sha256)).contains(Sha256.hex(Sha256.of(bytes), 32));
            assertThat(put("a/large", bytes)).isFalse();
            assertThat(s3.unfinishedUploads()).isZero();
        }

        @Test
        void errors_that_pass_are_tried_again() throws IOException {
            s3.fault("PUT", Kind.ANSWER, 503, "SlowDown");
            s3.fault("PUT", Kind.ANSWER, 500, "InternalError");
            s3.fault("PUT", Kind.SLOW, 0, "");
            assertThat(put("a/one", new byte[100])).isTrue();
            assertThat(get("a/one")).hasSize(100);
        }

        @Test
        void a_connection_that_breaks_in_the_middle_puts_nothing_or_all() throws IOException {
            s3.fault("PUT", Kind.RESET, 0, "");
            assertThat(put("a/one", new byte[300_000])).isTrue();
            assertThat(get("a/one")).hasSize(300_000);
        }

        @Test
        void an_answer_that_is_lost_shows_as_an_object_that_is_there_already() throws IOException {
            s3.fault("PUT", Kind.LOST, 0, "");
            assertThat(put("a/one", new byte[100])).isFalse();
            assertThat(get("a/one")).hasSize(100);
        }

        @Test
        void what_refuses_for_good_is_told_with_its_code() {
            s3.faults(10, "PUT", Kind.ANSWER, 403, "ExpiredToken");
            assertThatThrownBy(() -> put("a/one", new byte[100]))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("403")
                    .hasMessageContaining("ExpiredToken");
            assertThat(s3.keys()).isEmpty();
        }

        @Test
        void an_upload_that_fails_half_way_leaves_no_pieces() {
            s3.faults(10, "PUT pre/a/large?partNumber", Kind.ANSWER, 403, "AccessDenied");
            assertThatThrownBy(() -> put("a/large", large())).isInstanceOf(StoreException.class);
            assertThat(s3.keys()).isEmpty();
            assertThat(s3.unfinishedUploads()).isZero();
        }

        @Test
        void pieces_that_nobody_removed_are_swept_when_they_are_old() throws IOException {
            s3.faults(10, "PUT pre/a/large?partNumber", Kind.ANSWER, 403, "AccessDenied");
            s3.faults(10, "DELETE", Kind.ANSWER, 403, "AccessDenied");
            assertThatThrownBy(() -> put("a/large", large())).isInstanceOf(StoreException.class);
            s3.heal();
            assertThat(s3.unfinishedUploads()).isOne();
            assertThat(store.sweepUnfinished("a/", Instant.now().minusSeconds(60)))
                    .isZero();
            assertThat(store.sweepUnfinished("a/", Instant.now().plusSeconds(60)))
                    .isOne();
            assertThat(s3.unfinishedUploads()).isZero();
        }

        @Test
        void pieces_of_more_uploads_than_one_answer_names_are_swept_and_those_of_others_stay() throws IOException {
            s3.faults(100, "PUT pre/", Kind.ANSWER, 403, "AccessDenied");
            s3.faults(100, "DELETE", Kind.ANSWER, 403, "AccessDenied");
            for (String key : List.of("a/one", "a/one", "a/three", "a/two", "b/one")) {
                assertThatThrownBy(() -> put(key, large())).isInstanceOf(StoreException.class);
            }
            s3.heal();
            s3.mostUploads(2);
            assertThat(s3.unfinishedUploads()).isEqualTo(5);
            assertThat(store.sweepUnfinished("a/", Instant.now().plusSeconds(60)))
                    .isEqualTo(4);
            assertThat(s3.unfinishedUploads()).isOne();
        }

        @Test
        void reading_that_breaks_off_is_an_error_and_never_a_short_object() throws IOException {
            put("a/one", new byte[300_000]);
            s3.faults(10, "GET", Kind.RESET, 0, "");
            assertThatThrownBy(() -> get("a/one")).isInstanceOf(IOException.class);
        }

        @Test
        void a_store_without_conditions_is_asked_before() throws IOException {
            try (ObjectStore plain = open(false, false)) {
                Path file = Files.write(temp.resolve("file"), new byte[10]);
                String hash = Sha256.hex(Sha256.of(new byte[10]), 32);
                assertThat(plain.putIfAbsent("a/one", file, 10, hash)).isTrue();
                assertThat(plain.putIfAbsent("a/one", file, 10, hash)).isFalse();
            }
        }
    }
}
