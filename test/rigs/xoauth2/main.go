// xoauth2 logs in with golang.org/x/oauth2 as released and prints what came of it as JSON:
//
//	xoauth2 device|code params|header|auto ISSUER CLIENT_ID SCOPE...
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

type metadata struct {
	Authorization string `json:"authorization_endpoint"`
	Device        string `json:"device_authorization_endpoint"`
	Token         string `json:"token_endpoint"`
}

// ways counts how the requests to the token endpoint named the client.
type ways struct {
	token         string
	Basic, InBody int
}

func (w *ways) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.String() == w.token {
		fmt.Fprintln(os.Stderr, "token request")
		if _, _, ok := r.BasicAuth(); ok {
			w.Basic++
		} else {
			w.InBody++
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

func main() {
	flow, style, issuer, client, scopes := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5:]
	var m metadata
	answer := must(http.Get(issuer + "/.well-known/openid-configuration"))
	check(json.NewDecoder(answer.Body).Decode(&m))
	styles := map[string]oauth2.AuthStyle{
		"params": oauth2.AuthStyleInParams, "header": oauth2.AuthStyleInHeader, "auto": oauth2.AuthStyleAutoDetect,
	}
	config := &oauth2.Config{ClientID: client, ClientSecret: os.Getenv("CLIENT_SECRET"), Scopes: scopes,
		Endpoint: oauth2.Endpoint{AuthURL: m.Authorization, DeviceAuthURL: m.Device, TokenURL: m.Token, AuthStyle: styles[style]}}
	counted := &ways{token: m.Token}
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, &http.Client{Transport: counted})
	var token *oauth2.Token
	if flow == "device" {
		token = device(ctx, config)
	} else {
		token = code(ctx, config)
	}
	login := *counted
	// An expired token is what makes the library refresh.
	old := *token
	old.Expiry = time.Now().Add(-time.Minute)
	renewed := must(config.TokenSource(ctx, &old).Token())
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"access_token": token.AccessToken, "id_token": token.Extra("id_token"), "type": token.TokenType,
		"basic": login.Basic, "in_body": login.InBody, "refreshed": renewed.AccessToken != token.AccessToken,
	}))
}

func device(ctx context.Context, config *oauth2.Config) *oauth2.Token {
	verifier := oauth2.GenerateVerifier()
	started := must(config.DeviceAuth(ctx, oauth2.S256ChallengeOption(verifier)))
	fmt.Fprintln(os.Stderr, "open", started.VerificationURIComplete)
	return must(config.DeviceAccessToken(ctx, started, oauth2.VerifierOption(verifier)))
}

// code waits on a loopback port for the browser (RFC 8252 section 7.3).
func code(ctx context.Context, config *oauth2.Config) *oauth2.Token {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	config.RedirectURL = fmt.Sprintf("http://%s/callback", listener.Addr())
	verifier, state := oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	fmt.Fprintln(os.Stderr, "open", config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier)))
	came := make(chan string)
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("state") == state {
			fmt.Fprintln(w, "You may close this page.")
			came <- r.URL.Query().Get("code")
		}
	}))
	return must(config.Exchange(ctx, <-came, oauth2.VerifierOption(verifier)))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, strings.TrimSpace(err.Error()))
		os.Exit(1)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}
