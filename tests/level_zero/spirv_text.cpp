#include "tests/level_zero/spirv_text.h"

#include <gtest/gtest.h>
#include <spirv-tools/libspirv.h>

#include <cstring>

namespace metate::test {

SpirvText::SpirvText() {
  type("i64x3");
  types_ += "%input = OpTypePointer Input %i64x3\n%gid = OpVariable %input Input\n%void = OpTypeVoid\n";
}

std::string SpirvText::vector(const std::string& element, unsigned lanes) {
  return lanes == 1 ? element : element + "x" + std::to_string(lanes);
}

std::string SpirvText::type(const std::string& name) {
  const std::string id = "%" + name;
  if (!declared_.insert(name).second) return id;
  std::string meaning;
  if (name.size() > 2 && name[1] == '_') {
    const char* storage = name[0] == 'g' ? "CrossWorkgroup " : name[0] == 'l' ? "Workgroup " : "Function ";
    meaning = std::string("OpTypePointer ") + storage + type(name.substr(2));
  } else if (const size_t x = name.find('x'); x != name.npos) {
    meaning = "OpTypeVector " + type(name.substr(0, x)) + " " + name.substr(x + 1);
  } else if (name[0] == 'f') {
    meaning = "OpTypeFloat " + name.substr(1);
  } else {
    meaning = "OpTypeInt " + name.substr(1) + " 0";
  }
  types_ += id + " = " + meaning + "\n";
  return id;
}

std::string SpirvText::constant(const std::string& type_name, uint64_t value) {
  const std::string number = std::to_string(value);
  const std::string id = "%c_" + type_name + "_" + number;
  const std::string of = type(type_name);
  if (declared_.insert(id).second) types_ += id + " = OpConstant " + of + " " + number + "\n";
  return id;
}

void SpirvText::begin(const std::string& id, const std::string& result, const std::vector<std::string>& parameters) {
  ++scopes_;
  std::string signature = "%fn_" + result;
  std::string types = result == "void" ? "%void" : type(result);
  const std::string result_type = types;
  for (const std::string& parameter : parameters) {
    signature += "_" + parameter;
    types += " " + type(parameter);
  }
  if (declared_.insert(signature).second) types_ += signature + " = OpTypeFunction " + types + "\n";
  functions_ += id + " = OpFunction " + result_type + " None " + signature + "\n";
  for (size_t i = 0; i < parameters.size(); ++i) {
    line("%.p" + std::to_string(i) + " = OpFunctionParameter " + type(parameters[i]));
  }
  line("%.entry = OpLabel");
}

void SpirvText::begin_kernel(const std::string& name, const std::vector<std::string>& parameters) {
  const std::string id = "%kernel" + std::to_string(scopes_);
  entries_ += "OpEntryPoint Kernel " + id + " \"" + name + "\" %gid\n";
  begin(id, "void", parameters);
  line("%.ids = OpLoad %i64x3 %gid");
  line("%.id = OpCompositeExtract %i64 %.ids 0");
}

void SpirvText::begin_function(const std::string& name, const std::string& result,
                               const std::vector<std::string>& parameters) {
  begin("%" + name, result, parameters);
}

void SpirvText::line(std::string text) { functions_ += local(text) + "\n"; }

void SpirvText::end(const std::string& last) {
  line(last);
  functions_ += "OpFunctionEnd\n";
}

std::string SpirvText::element(const std::string& type_name, const std::string& pointer, const std::string& index) {
  const std::string id = "%.t" + std::to_string(++temporaries_);
  line(id + " = OpInBoundsPtrAccessChain " + type("g_" + type_name) + " " + pointer + " " + index);
  return id;
}

void SpirvText::load(const std::string& result, const std::string& type_name, const std::string& pointer,
                     const std::string& index) {
  const std::string from = element(type_name, pointer, index);
  line(result + " = OpLoad " + type(type_name) + " " + from);
}

void SpirvText::store(const std::string& value, const std::string& type_name, const std::string& pointer,
                      const std::string& index) {
  const std::string to = element(type_name, pointer, index);
  line("OpStore " + to + " " + value);
}

std::string SpirvText::local(std::string_view text) const {
  std::string result;
  for (char c : text) {
    if (c == '.' && !result.empty() && result.back() == '%') {
      result += "k" + std::to_string(scopes_) + "_";
    } else {
      result += c;
    }
  }
  return result;
}

std::string SpirvText::text() const {
  std::string head;
  for (const char* capability : {"Addresses", "Kernel", "Vector16", "Int8", "Int16", "Int64", "Float16", "Float64"}) {
    head += std::string("OpCapability ") + capability + "\n";
  }
  return head + "%ocl = OpExtInstImport \"OpenCL.std\"\nOpMemoryModel Physical64 OpenCL\n" + entries_ + annotations_ +
         "OpDecorate %gid BuiltIn GlobalInvocationId\nOpDecorate %gid Constant\n" + types_ + functions_;
}

std::vector<uint8_t> SpirvText::words(unsigned minor) const {
  constexpr spv_target_env versions[] = {SPV_ENV_UNIVERSAL_1_0, SPV_ENV_UNIVERSAL_1_1, SPV_ENV_UNIVERSAL_1_2,
                                         SPV_ENV_UNIVERSAL_1_3, SPV_ENV_UNIVERSAL_1_4, SPV_ENV_UNIVERSAL_1_5,
                                         SPV_ENV_UNIVERSAL_1_6};
  const std::string source = text();
  spv_context context = spvContextCreate(versions[minor]);
  spv_binary binary = nullptr;
  spv_diagnostic diagnostic = nullptr;
  const spv_result_t result = spvTextToBinary(context, source.data(), source.size(), &binary, &diagnostic);
  EXPECT_EQ(result, SPV_SUCCESS) << (diagnostic ? diagnostic->error : "") << " in line "
                                 << (diagnostic ? diagnostic->position.line + 1 : 0);
  std::vector<uint8_t> bytes;
  if (result == SPV_SUCCESS) {
    bytes.resize(binary->wordCount * sizeof(uint32_t));
    std::memcpy(bytes.data(), binary->code, bytes.size());
  }
  spvDiagnosticDestroy(diagnostic);
  spvBinaryDestroy(binary);
  spvContextDestroy(context);
  return bytes;
}

}  // namespace metate::test
