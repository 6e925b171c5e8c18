/** The configuration file: its declared model, its reader, and how it fills the builder. */
@NullMarked
package org.posthouse.daemon.config;

import org.jspecify.annotations.NullMarked;
