/** The daemon: command line, signals, log. */
@NullMarked
package org.posthouse.daemon;

import org.jspecify.annotations.NullMarked;
