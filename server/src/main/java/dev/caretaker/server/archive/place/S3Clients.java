package dev.caretaker.server.archive.place;

import dev.caretaker.server.config.DestinationConfig;
import dev.caretaker.server.config.Secret;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes clients as a destination's configuration wants them, and says how long a request may take. */
final class S3Clients {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Of a store that is asked something. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private static final Duration ATTEMPT = Duration.ofSeconds(90);
    /** What is sent slower than this, in bytes a second, is taken to hang: a socket waits for ever to be written to. */
    private static final long SLOWEST = 64 << 10;

    private S3Clients() {}

    static S3Client of(DestinationConfig.S3 config) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE))
                .overrideConfiguration(how -> how.apiCallAttemptTimeout(ATTEMPT))
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
        return builder.build();
    }

    /** For a request that sends so many bytes. */
    static AwsRequestOverrideConfiguration sending(long bytes) {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(ATTEMPT.plusSeconds(bytes / SLOWEST))
                .build();
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
}
