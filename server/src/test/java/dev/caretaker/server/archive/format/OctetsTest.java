package dev.caretaker.server.archive.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class OctetsTest {
    @Test
    void finds_what_a_look_at_each_byte_finds() {
        Random random = new Random(20261203);
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = bytes(random);
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            char octet = "\",\n\0\177".charAt(random.nextInt(5));

            assertEquals(oneByOne(bytes, from, to, octet), Octets.find(bytes, from, to, octet));
        }
    }

    /** Letters, and among them what is looked for, its neighbours, and both with the highest bit set. */
    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        for (int i = 0; i < bytes.length; i++) {
            int near = "\",\n\0\177".charAt(random.nextInt(5)) + random.nextInt(3) - 1;
            bytes[i] = (byte)
                    switch (random.nextInt(12)) {
                        case 0 -> near;
                        case 1 -> near | 0x80;
                        default -> 'a' + random.nextInt(26);
                    };
        }
        return bytes;
    }

    private static int oneByOne(byte[] bytes, int from, int to, char octet) {
        int at = from;
        while (at < to && bytes[at] != octet) {
            at++;
        }
        return at;
    }
}
