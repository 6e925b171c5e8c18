package org.posthouse.daemon.config;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class ReferencePageTest {
    @Test
    void thePageSaysWhatTheModelSays() throws IOException {
        Golden.check("docs/configuration.md", ReferencePage.text());
    }
}
