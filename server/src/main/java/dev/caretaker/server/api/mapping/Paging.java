package dev.caretaker.server.api.mapping;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.caretaker.server.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Pages of lists. A token says where the page before ended; to callers it is opaque. It holds a hash of the request it
 * answered, so that it is refused with another filter or at another list instead of skipping rows silently. Sizes above
 * the largest are taken as the largest.
 */
public final class Paging {
    private static final int HASH_BYTES = 8;

    private final byte[] hash;

    private Paging(byte[] hash) {
        this.hash = hash;
    }

    /**
     * Where a page begins.
     *
     * @param size rows to return, at least 1
     * @param after key of the last row of the page before; empty on the first page
     */
    public record Page(int size, Optional<String> after) {}

    /** Pages of this request: two requests that differ only in page_size and page_token share them. */
    public static Paging of(Message request) {
        Message.Builder filter = request.toBuilder();
        request.getDescriptorForType().getFields().stream()
                .filter(field -> field.getName().startsWith("page_"))
                .forEach(filter::clearField);
        ByteString name = ByteString.copyFromUtf8(request.getDescriptorForType().getFullName());
        byte[] hash = Sha256.of(name.concat(filter.build().toByteString()).toByteArray());
        return new Paging(Arrays.copyOf(hash, HASH_BYTES));
    }

    public Page page(Violations violations, int size, String token, int usual, int largest) {
        violations.require(size >= 0, "page_size", "must not be negative");
        Optional<String> after = token.isEmpty() ? Optional.empty() : decode(token);
        violations.require(
                token.isEmpty() || after.isPresent(),
                "page_token",
                "is not a token that this list returned for the same filters");
        return new Page(size == 0 ? usual : Math.clamp(size, 1, largest), after);
    }

    /** Token for the page after the row of this key; empty if there is none. */
    public String next(Optional<String> key) {
        return key.map(this::encode).orElse("");
    }

    private String encode(String key) {
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        byte[] token = Arrays.copyOf(hash, HASH_BYTES + text.length);
        System.arraycopy(text, 0, token, HASH_BYTES, text.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    private Optional<String> decode(String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        boolean ours = bytes.length > HASH_BYTES && Arrays.equals(bytes, 0, HASH_BYTES, hash, 0, HASH_BYTES);
        return ours
                ? Optional.of(new String(bytes, HASH_BYTES, bytes.length - HASH_BYTES, StandardCharsets.UTF_8))
                : Optional.empty();
    }
}
