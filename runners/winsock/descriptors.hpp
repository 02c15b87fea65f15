#pragma once

// What the process may open, by the operating system's leave; one file for each platform implements
// this.
namespace ws2conform {

// Whether free_descriptors can do anything here.
bool can_free_descriptors();

// false: nothing more can be opened, neither socket nor file; true: as much as at the beginning.
// Returns false when the system does not let it.
bool free_descriptors(bool free);

}  // namespace ws2conform
