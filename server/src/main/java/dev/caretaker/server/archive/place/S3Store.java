package dev.caretaker.server.archive.place;

import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.DestinationConfig;
import dev.caretaker.server.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
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
    private static final Logger LOG = LoggerFactory.getLogger(S3Store.class);
    private static final String SHA256 = "caretaker-sha256";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int PAGE = 1_000;
    /** Parts of one object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html. */
    private static final long MOST_PARTS = 10_000;

    private final DestinationConfig.S3 config;
    private final S3Client client;

    S3Store(DestinationConfig.S3 config) {
        this.config = config;
        var builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE))
                .region(Region.of(config.region()))
                .forcePathStyle(config.pathStyle())
                .credentialsProvider(credentials(config))
                .requestChecksumCalculation(
                        config.checksums()
                                ? RequestChecksumCalculation.WHEN_SUPPORTED
                                : RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(
                        config.checksums()
                                ? ResponseChecksumValidation.WHEN_SUPPORTED
                                : ResponseChecksumValidation.WHEN_REQUIRED);
        config.endpoint().ifPresent(builder::endpointOverride);
        this.client = builder.build();
    }

    private static AwsCredentialsProvider credentials(DestinationConfig.S3 config) {
        return config.keys()
                .<AwsCredentialsProvider>map(keys -> () -> revealed(keys))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    private static AwsCredentials revealed(DestinationConfig.S3.Keys keys) {
        String access = keys.access().reveal();
        String secret = keys.secret().reveal();
        return keys.session()
                .map(Secret::reveal)
                .<AwsCredentials>map(session -> AwsSessionCredentials.create(access, secret, session))
                .orElseGet(() -> AwsBasicCredentials.create(access, secret));
    }

    @Override
    public boolean putIfAbsent(String key, Path file, long bytes, String sha256) throws IOException {
        if (!config.conditional() && head(key).isPresent()) {
            return false;
        }
        Map<String, String> metadata = Map.of(SHA256, sha256);
        try {
            if (bytes > config.multipartBytes()) {
                putInParts(key, file, bytes, metadata);
            } else {
                client.putObject(
                        put -> {
                            put.bucket(config.bucket()).key(full(key)).metadata(metadata);
                            if (config.conditional()) {
                                put.ifNoneMatch("*");
                            }
                        },
                        body(file, 0, bytes));
            }
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

    private void putInParts(String key, Path file, long bytes, Map<String, String> metadata) {
        String upload = client.createMultipartUpload(
                        create -> create.bucket(config.bucket()).key(full(key)).metadata(metadata))
                .uploadId();
        boolean complete = false;
        try {
            long size = Math.max(config.multipartBytes(), bytes / MOST_PARTS + 1);
            List<CompletedPart> parts = new ArrayList<>();
            for (long from = 0; from < bytes; from += size) {
                int number = parts.size() + 1;
                RequestBody body = body(file, from, Math.min(size, bytes - from));
                var sent = client.uploadPart(
                        part -> part.bucket(config.bucket())
                                .key(full(key))
                                .uploadId(upload)
                                .partNumber(number),
                        body);
                parts.add(CompletedPart.builder()
                        .partNumber(number)
                        .eTag(sent.eTag())
                        .checksumCRC32(sent.checksumCRC32())
                        .build());
            }
            client.completeMultipartUpload(done -> {
                done.bucket(config.bucket()).key(full(key)).uploadId(upload).multipartUpload(all -> all.parts(parts));
                if (config.conditional()) {
                    done.ifNoneMatch("*");
                }
            });
            complete = true;
        } finally {
            if (!complete) {
                abandon(key, upload);
            }
        }
    }

    /** Its pieces cost money. What cannot be abandoned now is swept later. */
    private void abandon(String key, String upload) {
        try {
            client.abortMultipartUpload(
                    abort -> abort.bucket(config.bucket()).key(full(key)).uploadId(upload));
        } catch (SdkException e) {
            LOG.info("{}: an upload of {} is left unfinished: {}", describe(), key, e.getMessage());
        }
    }

    /** A part of a file, read anew for every attempt. */
    private static RequestBody body(Path file, long from, long bytes) {
        ContentStreamProvider content = () -> {
            try {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                channel.position(from);
                return new Bounded(Channels.newInputStream(channel), bytes);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
        return RequestBody.fromContentProvider(content, bytes, "application/octet-stream");
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
            var page = client.listMultipartUploads(
                    list -> list.bucket(config.bucket()).prefix(full(prefix)).maxUploads(PAGE));
            int swept = 0;
            for (var upload : page.uploads()) {
                if (upload.initiated().isBefore(before)) {
                    abandon(upload.key().substring(config.prefix().length()), upload.uploadId());
                    swept++;
                }
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
