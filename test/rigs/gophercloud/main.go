// Command gophercloud logs in at the cloud that OS_CLOUD names in the person's clouds.yaml, as a program of a user's would,
// and prints the names of the domain and the project of its token.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/config"
	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

func main() {
	ctx := context.Background()
	auth, endpoint, tls, err := clouds.Parse()
	if err != nil {
		log.Fatal(err)
	}
	provider, err := config.NewProviderClient(ctx, auth, config.WithTLSConfig(tls))
	if err != nil {
		log.Fatal(err)
	}
	identity, err := openstack.NewIdentityV3(provider, endpoint)
	if err != nil {
		log.Fatal(err)
	}
	project, err := tokens.Get(ctx, identity, provider.TokenID).ExtractProject()
	if err != nil {
		log.Fatal(err)
	}
	said := map[string]string{"project": project.Name, "domain": project.Domain.Name}
	if err := json.NewEncoder(os.Stdout).Encode(said); err != nil {
		log.Fatal(err)
	}
}
