// Command terraform-provider reads a configuration of terraform's and does with the released OpenStack provider what a refresh
// does: it configures the provider as the provider block says, and reads each data source. It prints what these say, as JSON.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-provider-openstack/terraform-provider-openstack/v3/openstack"
)

var blocks = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "terraform"},
	{Type: "provider", LabelNames: []string{"name"}},
	{Type: "data", LabelNames: []string{"type", "name"}},
}}

func main() {
	ctx := context.Background()
	file, wrong := hclparse.NewParser().ParseHCLFile(os.Args[1])
	stop(wrong.HasErrors(), wrong)
	content, wrong := file.Body.Content(blocks)
	stop(wrong.HasErrors(), wrong)
	// What terraform speaks with a provider, without the process between them.
	server := schema.NewGRPCProviderServer(openstack.Provider())
	schemas, err := server.GetProviderSchema(ctx, &tfprotov5.GetProviderSchemaRequest{})
	stop(err != nil, err)
	for _, block := range content.Blocks.OfType("provider") {
		config := valueOf(block.Body, schemas.Provider.ValueType())
		said, err := server.ConfigureProvider(ctx, &tfprotov5.ConfigureProviderRequest{Config: config})
		stop(err != nil, err)
		complain(said.Diagnostics)
	}
	read := map[string]map[string]string{}
	for _, block := range content.Blocks.OfType("data") {
		kind := schemas.DataSourceSchemas[block.Labels[0]].ValueType()
		request := &tfprotov5.ReadDataSourceRequest{TypeName: block.Labels[0], Config: valueOf(block.Body, kind)}
		said, err := server.ReadDataSource(ctx, request)
		stop(err != nil, err)
		complain(said.Diagnostics)
		read[block.Labels[1]] = textsIn(said.State, kind)
	}
	err = json.NewEncoder(os.Stdout).Encode(read)
	stop(err != nil, err)
}

// valueOf answers what a block says, whose attributes are texts all; what it leaves out is null.
func valueOf(body hcl.Body, kind tftypes.Type) *tfprotov5.DynamicValue {
	attributes, wrong := body.JustAttributes()
	stop(wrong.HasErrors(), wrong)
	values := map[string]tftypes.Value{}
	for name, of := range kind.(tftypes.Object).AttributeTypes {
		values[name] = tftypes.NewValue(of, nil)
	}
	for name, attribute := range attributes {
		value, wrong := attribute.Expr.Value(nil)
		stop(wrong.HasErrors(), wrong)
		values[name] = tftypes.NewValue(tftypes.String, value.AsString())
	}
	written, err := tfprotov5.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	stop(err != nil, err)
	return &written
}

// textsIn answers the texts of what a data source says.
func textsIn(state *tfprotov5.DynamicValue, kind tftypes.Type) map[string]string {
	value, err := state.Unmarshal(kind)
	stop(err != nil, err)
	values := map[string]tftypes.Value{}
	err = value.As(&values)
	stop(err != nil, err)
	texts := map[string]string{}
	for name, one := range values {
		var text string
		if one.Type().Is(tftypes.String) && one.As(&text) == nil {
			texts[name] = text
		}
	}
	return texts
}

func complain(said []*tfprotov5.Diagnostic) {
	for _, one := range said {
		stop(one.Severity == tfprotov5.DiagnosticSeverityError, one.Summary+" "+one.Detail)
	}
}

func stop(isWrong bool, why any) {
	if isWrong {
		log.Fatalf("%v", why)
	}
}
