package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

class HeaderScannerTest {
    private static HeaderScanner scan(String content) {
        var scanner = new HeaderScanner();
        byte[] octets = ShortStrings.octets(content);
        scanner.scan(octets, 0, octets.length);
        return scanner;
    }

    @Test
    void countsFields() {
        String section =
                "Received: a\r\nreceived: b\r\n\tRECEIVED: folded\r\nSubject : x\r\n"
                        + "Received-SPF: no\r\nX-"
                        + "y".repeat(30)
                        + ": z\r\nfRom:\r\n";
        HeaderScanner scanner = scan(section + "\r\nReceived: body\r\n");
        assertThat(scanner.ended()).isTrue();
        assertThat(scanner.octets()).isEqualTo(section.length());
        assertThat(scanner.count(HeaderField.RECEIVED)).isEqualTo(2);
        assertThat(scanner.count(HeaderField.SUBJECT)).isEqualTo(1);
        assertThat(scanner.count(HeaderField.FROM)).isEqualTo(1);
        assertThat(scanner.count(HeaderField.TO)).isZero();
        assertThat(scanner.fields()).isEqualTo(6);
    }

    @Test
    void endsBeforeWhatIsNoField() {
        assertThat(scan("").ended()).isFalse();
        assertThat(scan("\r\nTo: x").octets()).isZero();
        assertThat(scan("\r\nTo: x").ended()).isTrue();
        for (String body :
                new String[] {
                    "hello world\r\n", "hello\r\n", ": x\r\n", "gr\u00fcn: x\r\n", "\rx"
                }) {
            assertThat(scan(body).ended()).as(body).isTrue();
            assertThat(scan(body).octets()).isZero();
            assertThat(scan("To: x\r\n" + body).octets()).as(body).isEqualTo(7);
        }
        assertThat(scan(" To: x\r\n").ended()).isTrue();
        assertThat(scan("To: x\r\n y\r\n").ended()).isFalse();
        assertThat(scan("To: x\r\n y").octets()).isEqualTo(9);
    }

    @Test
    void seesTheSameInPieces() {
        String content = "Received: a\r\n b\r\nSubject: c\r\nTo : d\r\n\r\nDate: e\r\n";
        for (int cut = 0; cut <= content.length(); cut++) {
            var scanner = new HeaderScanner();
            byte[] octets = ShortStrings.octets(content);
            scanner.scan(octets, 0, cut);
            scanner.scan(octets, cut, octets.length);
            assertThat(scanner.octets()).isEqualTo(content.indexOf("\r\n\r\n") + 2);
            assertThat(scanner.count(HeaderField.RECEIVED)).isEqualTo(1);
            assertThat(scanner.count(HeaderField.TO)).isEqualTo(1);
            assertThat(scanner.count(HeaderField.DATE)).isZero();
        }
    }

    @Test
    void agreesWithTheFieldsInMemory() {
        var random = new Random(13);
        String[] parts = {
            "To", "Received", "Subject", "X-a", ":", ": ", " ", "\r\n", "\r\n\t", "a", "\r\n", "é"
        };
        for (int round = 0; round < 30_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(14); i > 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            byte[] octets = ShortStrings.octets(text + "\r\n\r\n");
            var scanner = new HeaderScanner();
            scanner.scan(octets, 0, octets.length);
            Map<HeaderField, Integer> counts = new EnumMap<>(HeaderField.class);
            var fields = new HeaderFields(octets, 0, octets.length);
            int end = 0;
            while (fields.next()) {
                end = fields.to();
                for (HeaderField field : HeaderField.values()) {
                    if (fields.is(field.upperName())) {
                        counts.merge(field, 1, Integer::sum);
                    }
                }
            }
            assertThat(scanner.octets()).as(text.toString()).isEqualTo(end);
            for (HeaderField field : HeaderField.values()) {
                assertThat(scanner.count(field)).isEqualTo(counts.getOrDefault(field, 0));
            }
        }
    }
}
