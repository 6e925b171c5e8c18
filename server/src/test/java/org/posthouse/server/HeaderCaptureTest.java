package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class HeaderCaptureTest {
    private static final String SECTION = "Received: x\r\na: b\r\n c\r\nreceived: y\r\n";

    @Test
    void keepsTheSectionHoweverItIsSplit() {
        String content = SECTION + "\r\nReceived: in the body\r\n";
        for (int first = 0; first <= content.length(); first++) {
            for (int second = first; second <= content.length(); second++) {
                var capture = new HeaderCapture(1000);
                take(capture, content.substring(0, first));
                take(capture, content.substring(first, second));
                take(capture, content.substring(second));
                assertThat(text(capture)).isEqualTo(SECTION);
                assertThat(capture.receivedFields()).isEqualTo(2);
                assertThat(capture.isDone()).isTrue();
            }
        }
    }

    @Test
    void endsWhereWhatFollowsIsNoField() {
        var capture = new HeaderCapture(1000);
        take(capture, "a: b\r\nno field here\r\nc: d\r\n");
        assertThat(text(capture)).isEqualTo("a: b\r\n");
    }

    @Test
    void isBounded() {
        var fits = new HeaderCapture(SECTION.length());
        take(fits, SECTION + "\r\n" + "x".repeat(5000));
        assertThat(fits.isOverflown()).isFalse();
        assertThat(text(fits)).isEqualTo(SECTION);
        var tooLong = new HeaderCapture(SECTION.length() - 1);
        take(tooLong, SECTION + "\r\n");
        assertThat(tooLong.isOverflown()).isTrue();
    }

    private static void take(HeaderCapture capture, String text) {
        byte[] octets = ("#" + text).getBytes(StandardCharsets.UTF_8);
        if (!capture.isDone()) {
            capture.take(octets, 1, octets.length - 1);
        }
    }

    private static String text(HeaderCapture capture) {
        return new String(capture.section(), StandardCharsets.UTF_8);
    }
}
