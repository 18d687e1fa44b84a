package dev.caretaker.server.api.security;

import dev.caretaker.server.api.error.Statuses;
import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.store.BrowserKeyStore;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sessions of browsers, which the servers do not keep: all of a session is in its cookie, encrypted and authenticated (AES-256 in
 * GCM) by a key of the control store. So it is good on each server and survives their restart; it ends by time, and with its token.
 * The key is read once; while the control store is away before that, all of it fails with UNAVAILABLE (CONTROL_STORE_UNREACHABLE).
 */
@Singleton
public final class BrowserSessions {
    /** How long somebody stays signed in who does nothing. */
    public static final Duration LENGTH = Duration.ofHours(12);

    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int NAME_BYTES = 4;
    private static final int TAG_BITS = 128;
    private static final int MAC_BYTES = 32;
    private static final String MAC = "HmacSHA256";

    /** Tells these from whatever else a key may be used for. */
    private static final byte[] PURPOSE = "caretaker browser session 2".getBytes(StandardCharsets.US_ASCII);

    private final UnaryOperator<byte[]> keys;
    private final KnownCallers callers;
    private final boolean required;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private volatile byte[] key = {};

    @Inject
    BrowserSessions(BrowserKeyStore keys, KnownCallers callers, CaretakerConfig config, Clock clock) {
        this(keys::key, callers, config.listen().authenticates(), clock);
    }

    BrowserSessions(UnaryOperator<byte[]> keys, KnownCallers callers, boolean required, Clock clock) {
        this.keys = keys;
        this.callers = callers;
        this.required = required;
        this.clock = clock;
    }

    /**
     * Somebody's session.
     *
     * @param name who it is: proven by a token or a certificate, else as he says; may be empty then
     * @param token what he proves that by; empty where nobody must prove anything, or a certificate does
     * @param certified whether a certificate proves it, which is shown again with each request
     * @param id what tells it from others, not secret
     * @param end when it is over
     */
    public record Session(String name, String token, boolean certified, String id, Instant end) {
        /** Whether the name is proven. */
        public boolean isProven() {
            return certified || !token.isEmpty();
        }

        private Session until(Instant other) {
            return new Session(name, token, certified, id, other);
        }
    }

    /** Whether callers must prove who they are. */
    public boolean isProofRequired() {
        return required;
    }

    /** Begins a session of who knows this token; empty if nobody does. */
    public Optional<Session> prove(String token) {
        return callers.nameOf(token).map(name -> begin(name, token, false));
    }

    /** Whether there are tokens that somebody may have. */
    public boolean takesTokens() {
        return callers.haveTokens();
    }

    /** Begins a session of who showed a certificate with this name. */
    public Session certify(String name) {
        return begin(name, "", true);
    }

    /**
     * Begins a session where nobody must prove anything.
     *
     * @param name may be empty
     */
    public Session claim(String name) {
        return begin(name, "", false);
    }

    /** The same for longer, if it is worth a new cookie: half of its time is over. */
    public Optional<Session> renew(Session session) {
        Instant now = clock.instant();
        return session.end().isBefore(now.plus(LENGTH.dividedBy(2)))
                ? Optional.of(session.until(now.plus(LENGTH)))
                : Optional.empty();
    }

    private Session begin(String name, String token, boolean certified) {
        return new Session(
                name,
                token,
                certified,
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(ID_BYTES)),
                clock.instant().plus(LENGTH));
    }

    /** For a cookie. */
    public String seal(Session session) {
        byte[] nonce = bytes(NONCE_BYTES);
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(nonce);
            out.write(cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(written(session)));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES", e);
        }
    }

    /**
     * The session of a cookie; empty if it is over, or none of ours, or its token is not known any more.
     *
     * @param certificate name in the certificate that came along, which alone proves a session that it began; empty if none did
     */
    public Optional<Session> open(String sealed, Optional<String> certificate) {
        Session session;
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(sealed);
            if (bytes.length < NONCE_BYTES) {
                return Optional.empty();
            }
            byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
            session = read(cipher(Cipher.DECRYPT_MODE, nonce).doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            // Made up, cut off, or of another control store: what a browser sends is nothing to rely on.
            return Optional.empty();
        }
        if (!session.end().isAfter(clock.instant())) {
            return Optional.empty();
        }
        if (session.certified() || certificate.isPresent()) {
            // Who shows a certificate is who it says, whatever he said before.
            return Optional.of(session)
                    .filter(Session::certified)
                    .filter(known -> certificate.filter(known.name()::equals).isPresent());
        }
        return session.isProven()
                ? callers.nameOf(session.token())
                        .map(name -> new Session(name, session.token(), false, session.id(), session.end()))
                : Optional.of(session).filter(claimed -> !required);
    }

    /** Tells the control store of these sessions from others; not secret. */
    public String storeName() {
        return HexFormat.of().formatHex(mac("name"), 0, NAME_BYTES);
    }

    /**
     * What forms of this session carry, so that no other page can send them. It is another text each time: pages are compressed, and
     * how long one becomes must not tell what of it a word in its address has guessed
     * (<a href="https://breachattack.com">BREACH</a>).
     */
    public String formToken(Session session) {
        byte[] mask = bytes(MAC_BYTES);
        byte[] token = Arrays.copyOf(mask, 2 * MAC_BYTES);
        System.arraycopy(masked(mac("form " + session.id()), mask), 0, token, MAC_BYTES, MAC_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    public boolean isFormToken(Session session, String token) {
        byte[] both;
        try {
            both = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return false;
        }
        return both.length == 2 * MAC_BYTES
                && MessageDigest.isEqual(
                        mac("form " + session.id()),
                        masked(Arrays.copyOfRange(both, MAC_BYTES, 2 * MAC_BYTES), Arrays.copyOf(both, MAC_BYTES)));
    }

    private static byte[] masked(byte[] bytes, byte[] mask) {
        byte[] masked = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            masked[i] = (byte) (bytes[i] ^ mask[i]);
        }
        return masked;
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key(), MAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(mac("seal"), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(PURPOSE);
        return cipher;
    }

    private byte[] key() {
        byte[] known = key;
        if (known.length == 0) {
            try {
                known = keys.apply(bytes(KEY_BYTES));
            } catch (CaretakerException e) {
                throw Statuses.of(e);
            }
            key = known;
        }
        return known;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] written(Session session) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(session.end().getEpochSecond());
        out.writeUTF(session.id());
        out.writeUTF(session.token());
        out.writeBoolean(session.certified());
        out.writeUTF(session.name());
        return bytes.toByteArray();
    }

    private static Session read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Instant end = Instant.ofEpochSecond(in.readLong());
            String id = in.readUTF();
            String token = in.readUTF();
            boolean certified = in.readBoolean();
            return new Session(in.readUTF(), token, certified, id, end);
        } catch (IOException e) {
            throw new UncheckedIOException("a session that was sealed here cannot be read", e);
        }
    }
}
