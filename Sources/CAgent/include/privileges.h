/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

/* capabilities(7) of the calling thread, by the kernel's own calls; a set is a mask. */

#include <stdbool.h>
#include <stdint.h>

/// The capabilities that may be made effective; 0 when the kernel does not say.
uint64_t permitted_capabilities(void);

/// Makes these the effective and permitted capabilities, and empties the inheritable ones; false,
/// with errno, when the kernel refuses.
bool set_capabilities(uint64_t effective, uint64_t permitted);

/// Empties the ambient and, where that is allowed, the bounding set, and sets no_new_privs: what
/// is given up cannot come back. False, with errno, when the kernel refuses.
bool forgo_new_privileges(void);

#endif
