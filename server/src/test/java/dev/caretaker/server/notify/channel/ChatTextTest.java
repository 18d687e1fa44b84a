package dev.caretaker.server.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChatTextTest {

    @Test
    void no_name_becomes_markup_a_link_or_a_call() {
        String text = ChatText.harmless(
                "a <!channel> & <https://evil.example|shop> @channel @here `x` *b* ~s~ [l](http://e) end", 300);
        assertThat(text)
                .doesNotContain("<", ">", "@channel", "@here", "`", "*", "~", "[", "]", "://e")
                .contains("&lt;!channel&gt; &amp;", "shop", "@\u200bchannel");
    }

    @Test
    void what_reads_Markdown_finds_none() {
        assertThat(ChatText.harmless("_shop_ | __a__ \\n www.evil.example WWW.evil.example #town shop_1_x", 300))
                .isEqualTo(
                        "\u02cdshop\u02cd \u2223 \u02cd\u02cda\u02cd\u02cd \u29f5n www\u200b.evil.example WWW\u200b.evil.example"
                                + " #\u200btown shop_1_x");
    }

    @Test
    void it_stays_on_one_line_and_reads_from_left_to_right() {
        assertThat(ChatText.harmless("one\ntwo\r\u2028three\u0000\u202efour\u200f\ud800", 300))
                .isEqualTo("one two  three four");
        assertThat(ChatText.harmless("x".repeat(10_000), 300)).hasSize(301);
    }

    @Test
    void it_is_no_longer_for_what_had_to_be_escaped() {
        assertThat(ChatText.harmless("<&>".repeat(1_000), 302))
                .hasSizeLessThanOrEqualTo(303)
                .endsWith("&gt;\u2026");
        assertThat(ChatText.harmless("#a".repeat(1_000), 300)).hasSizeLessThanOrEqualTo(451);
    }

    @Test
    void what_is_harmless_stays_as_it_is() {
        assertThat(ChatText.harmless("Cleanup of schedule nightly at shop_1 failed: Zoë's 日本 #1.", 300))
                .isEqualTo("Cleanup of schedule nightly at shop_1 failed: Zoë's 日本 #1.");
    }
}
