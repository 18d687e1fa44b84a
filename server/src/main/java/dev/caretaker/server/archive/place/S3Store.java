package dev.caretaker.server.archive.place;

import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.DestinationConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Objects in a bucket. Whether one is there already is asked of the store in the request that puts it (If-None-Match), as all that
 * speak S3 today do; where the configuration says that a store does not, it is asked before.
 *
 * <p>The SHA-256 goes with every object as its metadata, and is compared when an object is there already. What the SDK adds as a
 * checksum makes the store itself refuse what was damaged on its way.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html">Conditional requests</a>
 */
final class S3Store implements ObjectStore {
    private static final String SHA256 = "caretaker-sha256";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int PAGE = 1_000;

    private final DestinationConfig.S3 config;
    private final S3Client client;

    S3Store(DestinationConfig.S3 config) {
        this.config = config;
        this.client = S3Clients.of(config);
    }

    @Override
    public boolean putIfAbsent(String key, Path file, long bytes, String sha256) throws IOException {
        if (!config.conditional() && head(key).isPresent()) {
            return false;
        }
        try {
            upload(key, Map.of(SHA256, sha256)).put(file, bytes);
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
                return false;
            }
            throw failed(e);
        } catch (SdkException | ConfigException e) {
            throw failed(e);
        }
    }

    private S3Upload upload(String key, Map<String, String> metadata) {
        return new S3Upload(client, config, full(key), metadata);
    }

    /** An object that comes in pieces needs the same right as any other, and is none before its end. */
    @Override
    public void requireWritable() throws IOException {
        try {
            S3Upload nothing = upload("caretaker-writable-" + UUID.randomUUID(), Map.of());
            nothing.abandon(nothing.begin());
        } catch (SdkException | ConfigException e) {
            throw failed(e);
        }
    }

    @Override
    public Optional<Found> head(String key) throws IOException {
        try {
            HeadObjectResponse found =
                    client.headObject(head -> head.bucket(config.bucket()).key(full(key)));
            return Optional.of(new Found(
                    key,
                    found.contentLength(),
                    found.lastModified(),
                    Optional.ofNullable(found.metadata().get(SHA256))));
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw failed(e);
        } catch (SdkException | ConfigException e) {
            throw failed(e);
        }
    }

    @Override
    public InputStream get(String key) throws IOException {
        try {
            return client.getObject(get -> get.bucket(config.bucket()).key(full(key)));
        } catch (NoSuchKeyException e) {
            NoSuchFileException missing = new NoSuchFileException(key);
            missing.initCause(e);
            throw missing;
        } catch (SdkException | ConfigException e) {
            throw failed(e);
        }
    }

    @Override
    public List<Found> list(String prefix, String after, int most) throws IOException {
        try {
            List<Found> all = new ArrayList<>();
            String last = after.isEmpty() ? "" : full(after);
            boolean more = true;
            while (more && all.size() < most) {
                String from = last;
                var page = client.listObjectsV2(list -> {
                    list.bucket(config.bucket()).prefix(full(prefix)).maxKeys(Math.min(PAGE, most - all.size()));
                    if (!from.isEmpty()) {
                        list.startAfter(from);
                    }
                });
                page.contents()
                        .forEach(object -> all.add(new Found(
                                object.key().substring(config.prefix().length()),
                                object.size(),
                                object.lastModified(),
                                Optional.empty())));
                more = Boolean.TRUE.equals(page.isTruncated())
                        && !page.contents().isEmpty();
                last = page.contents().isEmpty()
                        ? last
                        : page.contents().getLast().key();
            }
            return all;
        } catch (SdkException | ConfigException e) {
            throw failed(e);
        }
    }

    @Override
    public void delete(String key) throws IOException {
        try {
            client.deleteObject(delete -> delete.bucket(config.bucket()).key(full(key)));
        } catch (SdkException | ConfigException e) {
            throw failed(e);
        }
    }

    @Override
    public int sweepUnfinished(String prefix, Instant before) throws IOException {
        try {
            int swept = 0;
            Optional<MultipartUpload> last = Optional.empty();
            boolean more = true;
            while (more) {
                Optional<MultipartUpload> after = last;
                var page = client.listMultipartUploads(list -> {
                    list.bucket(config.bucket()).prefix(full(prefix)).maxUploads(PAGE);
                    after.ifPresent(upload -> list.keyMarker(upload.key()).uploadIdMarker(upload.uploadId()));
                });
                for (MultipartUpload upload : page.uploads()) {
                    if (upload.initiated().isBefore(before)) {
                        new S3Upload(client, config, upload.key(), Map.of()).abandon(upload.uploadId());
                        swept++;
                    }
                    last = Optional.of(upload);
                }
                // A store that knows no markers would tell the same again and again.
                more = Boolean.TRUE.equals(page.isTruncated()) && !last.equals(after);
            }
            return swept;
        } catch (SdkException | ConfigException e) {
            throw failed(e);
        }
    }

    @Override
    public String describe() {
        return "bucket " + config.bucket()
                + config.endpoint().map(endpoint -> " at " + endpoint).orElse("");
    }

    @Override
    public void close() {
        client.close();
    }

    private String full(String key) {
        return config.prefix() + key;
    }

    /** A conflict is two of us at the same object at a time: it is tried again. */
    private static StoreException failed(RuntimeException e) {
        if (e instanceof S3Exception answer) {
            String code = answer.awsErrorDetails() == null
                    ? ""
                    : " " + answer.awsErrorDetails().errorCode();
            String meant = answer.statusCode() == CONFLICT ? "somebody else puts the same now" : "it answers";
            return new StoreException(meant + " " + answer.statusCode() + code + ": " + answer.getMessage(), e);
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new StoreException("it does not answer: " + e.getMessage() + " (" + cause.getMessage() + ")", e);
    }
}
