package dev.caretaker.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** A place for archives, under {@code caretaker.archives.destinations.<name>}. */
public sealed interface DestinationConfig {
    String name();

    /** As it is written in the configuration: directory. */
    String type();

    /** A folder that this server can write to. */
    record Directory(String name, Path path) implements DestinationConfig {
        @Override
        public String type() {
            return "directory";
        }
    }

    /**
     * A bucket of Amazon S3, or of what speaks its language.
     *
     * @param prefix what all keys begin with: empty, or with a slash at its end
     * @param endpoint empty for Amazon's own
     * @param pathStyle whether the bucket stands in the path instead of the host name
     * @param keys empty for the chain of the SDK: environment, profile, container, instance
     * @param checksums whether objects carry checksums of the SDK's choice; some stores refuse these
     * @param conditional whether the store refuses what is there already (If-None-Match); where it does not it is asked before
     * @param multipartBytes objects above this size are put in parts of it
     * @param encryption what the store is asked to encrypt each object with; empty: what the bucket says
     */
    record S3(
            String name,
            String bucket,
            String prefix,
            String region,
            Optional<URI> endpoint,
            boolean pathStyle,
            Optional<Keys> keys,
            boolean checksums,
            boolean conditional,
            long multipartBytes,
            Optional<Encryption> encryption)
            implements DestinationConfig {
        @Override
        public String type() {
            return "s3";
        }

        /**
         * Encryption by the store, with keys that it has.
         *
         * @param algorithm as the header x-amz-server-side-encryption takes it: AES256, aws:kms or aws:kms:dsse
         * @param key id or ARN of a key of KMS; empty: the account's own
         * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html">Server-side encryption</a>
         */
        public record Encryption(String algorithm, Optional<String> key) {}

        /** Both read anew for every request, so that rotated files count. */
        public record Keys(Secret access, Secret secret, Optional<Secret> session) {}
    }

    /**
     * Tables in the target itself.
     *
     * @param schema schema in which they are; empty for that of the rows' table
     * @param tableName name with placeholders, such as {@code {table}_archive_{yyyy}_{mm}}
     * @param indexes whether a table that is made gets the indexes of the rows' table
     */
    record Table(String name, Optional<String> schema, String tableName, boolean indexes) implements DestinationConfig {
        @Override
        public String type() {
            return "table";
        }
    }
}
