package org.posthouse.testkit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the spool from logging the errors that a test class makes by the thousand. */
final class QuietSpool implements BeforeAllCallback, AfterAllCallback {
    private static final Logger LOG = Logger.getLogger("org.posthouse.spool");

    @Override
    public void beforeAll(ExtensionContext context) {
        LOG.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LOG.setLevel(null);
    }
}
