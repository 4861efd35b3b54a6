// Revocation: opened by the registry, the holder heard, then decided (C7).
#pragma once

namespace dataip::registry {

// Profile: how many working days the holder has to be heard.
inline constexpr char kRevocationHearing[] = "revocation.hearing";

// Files that a statement brings.
inline constexpr int kFilesPerStatement = 20;

}  // namespace dataip::registry
