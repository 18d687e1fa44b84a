package dev.caretaker.server.archive.place;

import dev.caretaker.server.archive.Bounded;
import dev.caretaker.server.config.DestinationConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Puts one object: at once, or in pieces if it is large. All methods throw what the SDK throws. */
final class S3Upload {
    private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);
    /** Pieces of one object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html. */
    private static final long MOST_PIECES = 10_000;

    private final S3Client client;
    private final DestinationConfig.S3 config;
    private final String key;
    private final Map<String, String> metadata;

    /** @param key with the bucket's prefix */
    S3Upload(S3Client client, DestinationConfig.S3 config, String key, Map<String, String> metadata) {
        this.client = client;
        this.config = config;
        this.key = key;
        this.metadata = metadata;
    }

    void put(Path file, long bytes) {
        if (bytes > config.multipartBytes()) {
            inPieces(file, bytes);
        } else {
            client.putObject(
                    put -> {
                        put.bucket(config.bucket())
                                .key(key)
                                .metadata(metadata)
                                .overrideConfiguration(S3Clients.sending(bytes));
                        config.encryption().ifPresent(how -> {
                            put.serverSideEncryption(how.algorithm());
                            how.key().ifPresent(put::ssekmsKeyId);
                        });
                        if (config.conditional()) {
                            put.ifNoneMatch("*");
                        }
                    },
                    body(file, 0, bytes));
        }
    }

    private void inPieces(Path file, long bytes) {
        String upload = begin();
        boolean complete = false;
        try {
            List<CompletedPart> pieces = pieces(file, bytes, upload);
            client.completeMultipartUpload(done -> {
                done.bucket(config.bucket()).key(key).uploadId(upload).multipartUpload(all -> all.parts(pieces));
                if (config.conditional()) {
                    done.ifNoneMatch("*");
                }
            });
            complete = true;
        } finally {
            if (!complete) {
                abandon(upload);
            }
        }
    }

    private List<CompletedPart> pieces(Path file, long bytes, String upload) {
        long size = Math.max(config.multipartBytes(), bytes / MOST_PIECES + 1);
        List<CompletedPart> pieces = new ArrayList<>();
        for (long from = 0; from < bytes; from += size) {
            int number = pieces.size() + 1;
            long length = Math.min(size, bytes - from);
            var sent = client.uploadPart(
                    piece -> piece.bucket(config.bucket())
                            .key(key)
                            .uploadId(upload)
                            .partNumber(number)
                            .overrideConfiguration(S3Clients.sending(length)),
                    body(file, from, length));
            pieces.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(sent.eTag())
                    .checksumCRC32(sent.checksumCRC32())
                    .build());
        }
        return pieces;
    }

    /** Begins an object that comes in pieces. */
    String begin() {
        return client.createMultipartUpload(create -> {
                    create.bucket(config.bucket()).key(key).metadata(metadata);
                    config.encryption().ifPresent(how -> {
                        create.serverSideEncryption(how.algorithm());
                        how.key().ifPresent(create::ssekmsKeyId);
                    });
                })
                .uploadId();
    }

    /** Its pieces cost money. What cannot be abandoned now is swept later. */
    void abandon(String upload) {
        try {
            client.abortMultipartUpload(
                    abort -> abort.bucket(config.bucket()).key(key).uploadId(upload));
        } catch (SdkException e) {
            LOG.info("bucket {}: an upload of {} is left unfinished: {}", config.bucket(), key, e.getMessage());
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
                throw new UncheckedIOException(e);
            }
        };
        return RequestBody.fromContentProvider(content, bytes, "application/octet-stream");
    }
}
