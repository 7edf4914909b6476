/**
 * Masking schedules
 *
 * <p>how fast tokens are masked as time runs from 0 to 1.:Start at {@link
 * org.md4j.schedule.MaskingSchedule}. The shape legend is in {@link org.md4j.core}.
 */
@NullMarked
package org.md4j.schedule;

import org.jspecify.annotations.NullMarked;
