/** Real peers on loopback. */
@NullMarked
package org.posthouse.interop;

import org.jspecify.annotations.NullMarked;
