// What an event or a command is about: the one place that says it.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

enum class ObjectType {
  kNothing,
  kRegistry,
  kClock,
  kTable,
  kOfficer,
  kParty,
  kAttorney,
  kDraft,
  kApplication,
  kBatch,
  kObjection,
  kCertificate,
  kRequest,
  kRevocation,
  kFreeze,
  kPledge,
  kLicence,
};

struct Object {
  ObjectType type = ObjectType::kNothing;
  // `20240000001`; of registry and clock their own names. Lies in the message
  // that was asked about.
  absl::string_view number;
};

// Whatever comes of the event beside it. Nothing for DeadlinesRecomputed, which
// is about many; a certificate without its number for CertificateIssued and
// StatusChanged, whose records hold it as bytes.
Object ObjectOf(const v1::Event& event);

// The object that the command names: what it acts on, or what a new one is to
// belong to. Of a batch it is the application of the first item. Nothing when
// it names none; no number for a draft that is yet to be made.
Object ObjectOf(const v1::Command& command);

// Under what its history is told: `applications/20240000001`, `clock`. Empty
// for nothing.
std::string StreamOf(const Object& object);

}  // namespace dataip::registry
