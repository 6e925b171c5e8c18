package org.posthouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

class FolderNameTest {
    @ParameterizedTest
    @CsvSource({
        "ada, ada",
        "Ada.Lovelace, ada.lovelace",
        "a-b_c+d, a-b_c+d",
        ".., %2E%2E",
        "., %2E",
        ".hidden.x, %2Ehidden.x",
        "../../etc/passwd, %2E%2E%2F..%2Fetc%2Fpasswd",
        "a/b, a%2Fb",
        "a\\b, a%5Cb",
        "a b, a%20b",
        "100%, 100%25",
        "[192.0.2.1], %5B192.0.2.1%5D",
        "[IPv6:2001:db8::1], %5Bipv6%3A2001%3Adb8%3A%3A1%5D",
        "jörg, j%C3%B6rg",
        "JÖRG, j%C3%B6rg",
        "x~y, x%7Ey",
    })
    void everyOctetOutsideThePlainOnesIsEscaped(String part, String expected) {
        assertThat(FolderName.of(part)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"ada, ada", "ada+list, ada", "ada+a+b, ada", "+x, +x", "ada+, ada"})
    void whatFollowsAPlusSignDoesNotCount(String localPart, String expected) {
        assertThat(FolderName.account(localPart)).isEqualTo(expected);
    }

    @Test
    void longNamesAreCutAndStayDifferent() {
        String one = FolderName.of("é".repeat(100) + "a");
        String other = FolderName.of("é".repeat(100) + "b");
        assertThat(one).hasSizeLessThanOrEqualTo(FolderName.OCTETS_MAX).isNotEqualTo(other);
        assertThat(FolderName.of("a".repeat(FolderName.OCTETS_MAX)))
                .isEqualTo("a".repeat(FolderName.OCTETS_MAX));
    }

    @Test
    void noPartLeavesItsFolder() {
        var random = RandomGenerator.of("L64X128MixRandom");
        Path root = Path.of("/mail");
        for (int i = 0; i < 20_000; i++) {
            String name = FolderName.of(part(random));
            Path folder = root.resolve(name);
            assertThat(folder.normalize()).isEqualTo(folder);
            assertThat(folder.getParent()).isEqualTo(root);
            assertThat(name.getBytes(StandardCharsets.US_ASCII).length)
                    .isEqualTo(name.length())
                    .isBetween(1, FolderName.OCTETS_MAX);
        }
    }

    private static String part(RandomGenerator random) {
        var part = new StringBuilder();
        int length = 1 + random.nextInt(12);
        for (int i = 0; i < length; i++) {
            part.append(
                    random.nextBoolean()
                            ? "./\\~%".charAt(random.nextInt(5))
                            : (char) (32 + random.nextInt(300)));
        }
        return part.toString();
    }
}
